using ShimStack.Ctl.Commands;

namespace ShimStack.Ctl.Containers;

/// <summary>Names of containers and namespaces as every daemon takes them: letters and digits, with single dots, dashes and underscores between.</summary>
internal static class Names
{
    private const int Longest = 76;

    /// <exception cref="CtlException">It is none.</exception>
    public static string Checked(string option, string name) => IsName(name) ? name
        : throw CtlException.Usage($"{option} '{name}': a name is letters and digits, with one of . - _ between them, and no longer than {Longest}");

    private static bool IsName(string name)
    {
        bool wasLetter = false;
        foreach (char letter in name)
        {
            bool isLetter = char.IsAsciiLetterOrDigit(letter);
            if (!isLetter && (letter is not ('.' or '-' or '_') || !wasLetter))
            {
                return false;
            }

            wasLetter = isLetter;
        }

        return wasLetter && name.Length <= Longest;
    }
}
