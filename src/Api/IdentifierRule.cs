using System.Text;

namespace ShimStack.Api;

/// <summary>
/// containerd's rule for ids and namespaces: ASCII letters and digits, in groups separated by single dots, underscores or dashes. No such name can leave a
/// directory, so everything that becomes part of a path is checked by it first.
/// </summary>
public static class IdentifierRule
{
    /// <summary>The longest identifier, in bytes.</summary>
    public const int MaxLength = 76;

    private const string Pattern = "^[A-Za-z0-9]+(?:[._-](?:[A-Za-z0-9]+))*$";

    /// <summary>What is wrong with <paramref name="value"/>, in containerd's words; null if nothing is.</summary>
    public static string? Fault(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty)
        {
            return "identifier must not be empty";
        }

        if (value.Length > MaxLength || Encoding.UTF8.GetByteCount(value) > MaxLength)
        {
            return $"identifier \"{value}\" greater than maximum length ({MaxLength} characters)";
        }

        return IsWellFormed(value) ? null : $"identifier \"{value}\" must match {Pattern}";
    }

    private static bool IsWellFormed(ReadOnlySpan<char> value)
    {
        bool separatorAllowed = false;
        foreach (char c in value)
        {
            bool plain = char.IsAsciiLetterOrDigit(c);
            if (!plain && !(separatorAllowed && c is '.' or '_' or '-'))
            {
                return false;
            }

            separatorAllowed = plain;
        }

        return separatorAllowed;
    }
}
