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
        if (Value is not ['"' or '\'', ..] or ['"', '"', '"', ..] or ['\'', '\'', '\'', ..])
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
        bool isNumber = int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code);
        return isNumber && hex.Length == digits && Rune.IsValid(code) ? new Rune(code).ToString() : throw Fault($"{hex} is no character");
    }

    private void CheckEnd(string rest)
    {
        if (rest.TrimStart() is not ("" or ['#', ..]))
        {
            throw Fault("nothing but a comment may follow the value");
        }
    }
}
