using System.Globalization;
using System.Text;

namespace ShimStack.Supervisor.Filters;

/// <summary>What follows a backslash in an expression of RE2, and how .NET writes it.</summary>
internal static class GoEscape
{
    /// <summary>A set ("\d", "\pL", …) as the inside of a class of .NET; null if something else is there. RE2's are of ASCII.</summary>
    public static string? TryReadSet(string source, ref int at)
    {
        string? set = source[at + 1] switch
        {
            'd' => "0-9",
            'D' => @"\x00-/:-\uffff",
            'w' => "0-9A-Z_a-z",
            'W' => @"\x00-/:-@\[-\^`\{-\uffff",
            's' => @"\t\n\f\r ",
            'S' => @"\x00-\x08\x0b\x0e-\x1f!-\uffff",
            _ => null,
        };
        if (set is not null)
        {
            at += 2;
            return set;
        }

        return source[at + 1] is 'p' or 'P' ? ReadCategory(source, ref at) : null;
    }

    /// <summary>One character, escaped.</summary>
    /// <exception cref="ArgumentException">RE2 knows no such escape.</exception>
    public static Rune ReadRune(string source, ref int at)
    {
        int start = at;
        char c = at + 1 < source.Length ? source[at + 1] : throw new ArgumentException("trailing backslash at end of expression");
        at += 2;
        switch (c)
        {
            case 'x':
                return ReadHexadecimal(source, ref at);
            case >= '0' and <= '7' when c == '0' || (at < source.Length && source[at] is >= '0' and <= '7'):
                return ReadOctal(source, ref at, c - '0');
        }

        int plain = c switch
        {
            'a' => '\a',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            < (char)0x80 when !char.IsAsciiLetterOrDigit(c) => c,
            _ => throw new ArgumentException($"invalid escape sequence: `{source[start..at]}`"),
        };
        return new Rune(plain);
    }

    /// <summary>A character that stands for itself, also inside a class.</summary>
    public static string Quote(Rune rune)
    {
        string text = rune.ToString();
        if (text.Length == 2)
        {
            return $"(?:{text})";
        }

        return char.IsAsciiLetterOrDigit(text[0]) ? text : string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
    }

    private static string ReadCategory(string source, ref int at)
    {
        int start = at;
        bool isNegated = source[at + 1] == 'P';
        at += 2;
        string name = at < source.Length ? source[at..(at + 1)] : "";
        if (name == "{")
        {
            int end = source.IndexOf('}', at);
            name = end < 0 ? "" : source[(at + 1)..end];
            at = end < 0 ? source.Length : end;
        }

        at++;
        if (name.StartsWith('^'))
        {
            (isNegated, name) = (!isNegated, name[1..]);
        }

        // Scripts, such as Greek, are not in .NET; its blocks are something else.
        if (name.Length is 0 or > 2)
        {
            throw new ArgumentException($"invalid character class range: `{source[start..Math.Min(at, source.Length)]}`");
        }

        return $"\\{(isNegated ? 'P' : 'p')}{{{name}}}";
    }

    private static Rune ReadHexadecimal(string source, ref int at)
    {
        bool inBraces = at < source.Length && source[at] == '{';
        int end = inBraces ? source.IndexOf('}', at) : at + 2;
        string digits = end < 0 || end > source.Length ? "" : source[(inBraces ? at + 1 : at)..end];
        if (!int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value) || !Rune.IsValid(value))
        {
            throw new ArgumentException($"invalid escape sequence: `\\x{digits}`");
        }

        at = inBraces ? end + 1 : end;
        return new Rune(value);
    }

    private static Rune ReadOctal(string source, ref int at, int value)
    {
        for (int more = 2; more > 0 && at < source.Length && source[at] is >= '0' and <= '7'; more--)
        {
            value = (value * 8) + (source[at++] - '0');
        }

        return new Rune(value);
    }
}
