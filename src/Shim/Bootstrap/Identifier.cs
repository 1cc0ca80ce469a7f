namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// containerd's rule for ids and namespaces: ASCII letters and digits, in groups separated by single dots, underscores or dashes. No such
/// name can
/// leave a directory, so everything that becomes part of a path is checked here first.
/// </summary>
internal static class Identifier
{
    /// <summary>The longest identifier, in bytes.</summary>
    public const int MaxLength = 76;

    private const string Pattern = "^[A-Za-z0-9]+(?:[._-](?:[A-Za-z0-9]+))*$";

    /// <summary>Passes a valid identifier.</summary>
    /// <param name="subject">What it names, for the message.</param>
    /// <param name="value">The identifier.</param>
    /// <exception cref="StartupException">It is empty, too long or has other characters.</exception>
    public static void Check(string subject, string value)
    {
        if (Fault(value) is string fault)
        {
            throw new StartupException($"{subject}: {fault}: invalid argument");
        }
    }

    /// <summary>What is wrong with <paramref name="value"/>, in containerd's words; null if nothing is.</summary>
    public static string? Fault(string value)
    {
        if (value.Length == 0)
        {
            return "identifier must not be empty";
        }
        if (System.Text.Encoding.UTF8.GetByteCount(value) > MaxLength)
        {
            return $"identifier \"{value}\" greater than maximum length ({MaxLength} characters)";
        }
        return IsWellFormed(value) ? null : $"identifier \"{value}\" must match {Pattern}";
    }

    private static bool IsWellFormed(string value)
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
