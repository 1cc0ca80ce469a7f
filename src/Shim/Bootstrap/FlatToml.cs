using System.Globalization;
using System.Text;

namespace ShimStack.Shim.Bootstrap;

/// <summary>One <c>key = value</c> line of a TOML text. The value is read when it is known what it must be.</summary>
/// <param name="Key">The key, unquoted.</param>
/// <param name="Value">What is right of the equals sign, comments included.</param>
/// <param name="Line">Its line, counted from 1.</param>
internal readonly record struct TomlEntry(string Key, string Value, int Line)
{
    /// <summary>The value as a truth value.</summary>
    public bool AsBool() => Bare() switch
    {
        "true" => true,
        "false" => false,
        string other => throw Fault($"true or false expected, not {other}"),
    };

    /// <summary>The value as a number from 0 to 2^32 - 1.</summary>
    public uint AsUInt32()
    {
        string text = Bare();
        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
            ? number
            : throw Fault($"a number from 0 to {uint.MaxValue} expected, not {text}");
    }

    /// <summary>The value as a text, in double or single quotes.</summary>
    public string AsString()
    {
        if (Value is not ['"' or '\'', ..] || Value.StartsWith("\"\"\"", StringComparison.Ordinal) || Value.StartsWith("'''", StringComparison.Ordinal))
        {
            throw Fault("a text in quotes on one line expected");
        }
        var text = new StringBuilder();
        int i = 1;
        while (i < Value.Length && Value[i] != Value[0])
        {
            char c = Value[i++];
            text.Append(c == '\\' && Value[0] == '"' ? Escape(ref i) : c.ToString());
        }
        if (i >= Value.Length)
        {
            throw Fault("the text has no closing quote");
        }
        CheckEnd(Value[(i + 1)..]);
        return text.ToString();
    }

    /// <summary>An error that names the line.</summary>
    public FormatException Fault(string reason) => new($"line {Line}: {Key}: {reason}");

    private string Bare()
    {
        int comment = Value.IndexOf('#', StringComparison.Ordinal);
        return (comment < 0 ? Value : Value[..comment]).Trim();
    }

    private string Escape(ref int i)
    {
        char kind = i < Value.Length ? Value[i++] : '\0';
        switch (kind)
        {
            case 'b': return "\b";
            case 't': return "\t";
            case 'n': return "\n";
            case 'f': return "\f";
            case 'r': return "\r";
            case '"' or '\\': return kind.ToString();
            case 'u' or 'U': return CodePoint(ref i, kind == 'u' ? 4 : 8);
            default: throw Fault($"unknown escape \\{kind}");
        }
    }

    private string CodePoint(ref int i, int digits)
    {
        string hex = Value.Substring(i, Math.Min(digits, Value.Length - i));
        i += hex.Length;
        bool valid = hex.Length == digits && int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code) && Rune.IsValid(code);
        return valid ? new Rune(int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString() : throw Fault($"{hex} is no character");
    }

    private void CheckEnd(string rest)
    {
        if (rest.TrimStart() is not ("" or ['#', ..]))
        {
            throw Fault("nothing but a comment may follow the value");
        }
    }
}

/// <summary>
/// The part of TOML that runtime options come in: one <c>key = value</c> per line, comments, no tables. Daemons from 1.7 on write the options of a
/// runtime whose name they do not know like this.
/// </summary>
internal static class FlatToml
{
    /// <summary>The entries in order.</summary>
    /// <exception cref="FormatException">A line is something else, or a key comes twice; the message names the line.</exception>
    public static IReadOnlyList<TomlEntry> Parse(string text)
    {
        var entries = new List<TomlEntry>();
        int number = 0;
        foreach (string raw in text.Split('\n'))
        {
            number++;
            string line = raw.Trim();
            if (line is "" or ['#', ..])
            {
                continue;
            }
            TomlEntry entry = ParseLine(line, number);
            if (entries.Exists(earlier => earlier.Key == entry.Key))
            {
                throw entry.Fault("given twice");
            }
            entries.Add(entry);
        }
        return entries;
    }

    private static TomlEntry ParseLine(string line, int number)
    {
        int equals = line.IndexOf('=', StringComparison.Ordinal);
        string key = equals < 0 ? "" : line[..equals].Trim();
        if (key is ['"', .., '"'] or ['\'', .., '\''])
        {
            key = key[1..^1];
        }
        bool isKey = key.Length > 0;
        foreach (char c in key)
        {
            isKey &= char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
        }
        return isKey ? new TomlEntry(key, line[(equals + 1)..].Trim(), number) : throw new FormatException($"line {number}: key = value expected, not {line}");
    }
}
