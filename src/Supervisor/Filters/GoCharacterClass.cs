using System.Text;

namespace ShimStack.Supervisor.Filters;

/// <summary>A class in brackets. All that stands in it is written out, because .NET has one more operator there: subtraction.</summary>
internal sealed class GoCharacterClass(string source)
{
    private const int LastUnit = 0xffff;

    /// <summary>The class at <paramref name="at"/>, which is moved behind it.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public string Read(ref int at)
    {
        int start = at++;
        StringBuilder items = new();
        bool isNegated = at < source.Length && source[at] == '^';
        at += isNegated ? 1 : 0;
        for (bool first = true; at >= source.Length || source[at] != ']' || first; first = false)
        {
            if (at >= source.Length)
            {
                throw new ArgumentException($"missing closing ]: `{source[start..]}`");
            }

            ReadItem(items, ref at);
        }

        at++;
        return $"[{(isNegated ? "^" : "")}{items}]";
    }

    private void ReadItem(StringBuilder items, ref int at)
    {
        if (source[at] == '[' && source.AsSpan(at).StartsWith("[:") && source.IndexOf(":]", at + 2, StringComparison.Ordinal) is int end and > 0)
        {
            items.Append(Named(source[(at + 2)..end]));
            at = end + 2;
            return;
        }

        if (source[at] == '\\' && at + 1 < source.Length && GoEscape.TryReadSet(source, ref at) is string set)
        {
            items.Append(set);
            return;
        }

        int start = at;
        Rune low = ReadRune(ref at);
        Rune high = low;
        if (at + 1 < source.Length && source[at] == '-' && source[at + 1] != ']')
        {
            at++;
            high = ReadRune(ref at);
        }

        if (high < low)
        {
            throw new ArgumentException($"invalid character class range: `{source[start..at]}`");
        }

        Append(items, low, high);
    }

    private Rune ReadRune(ref int at)
    {
        if (source[at] == '\\')
        {
            return GoEscape.ReadRune(source, ref at);
        }

        Rune rune = Rune.GetRuneAt(source, at);
        at += rune.Utf16SequenceLength;
        return rune;
    }

    private static void Append(StringBuilder items, Rune low, Rune high)
    {
        // .NET's classes are of UTF-16 units. A range that goes beyond them takes the halves of pairs in their place.
        if (low.Value > LastUnit)
        {
            throw new ArgumentException("a class of characters beyond U+FFFF is not supported");
        }

        items.Append(GoEscape.Quote(low)).Append('-').Append(high.Value > LastUnit ? @"\uffff" : GoEscape.Quote(high));
    }

    private static string Named(string name)
    {
        bool isNegated = name.StartsWith('^');
        return (isNegated ? name[1..] : name, isNegated) switch
        {
            ("alnum", false) => "0-9A-Za-z",
            ("alnum", true) => @"\x00-/:-@\[-`\{-\uffff",
            ("alpha", false) => "A-Za-z",
            ("alpha", true) => @"\x00-@\[-`\{-\uffff",
            ("ascii", false) => @"\x00-\x7f",
            ("ascii", true) => @"\x80-\uffff",
            ("blank", false) => @"\t ",
            ("blank", true) => @"\x00-\x08\n-\x1f!-\uffff",
            ("cntrl", false) => @"\x00-\x1f\x7f",
            ("cntrl", true) => @" -~\x80-\uffff",
            ("digit", false) => "0-9",
            ("digit", true) => @"\x00-/:-\uffff",
            ("graph", false) => "!-~",
            ("graph", true) => @"\x00- \x7f-\uffff",
            ("lower", false) => "a-z",
            ("lower", true) => @"\x00-`\{-\uffff",
            ("print", false) => " -~",
            ("print", true) => @"\x00-\x1f\x7f-\uffff",
            ("punct", false) => @"!-/:-@\[-`\{-~",
            ("punct", true) => @"\x00- 0-9A-Za-z\x7f-\uffff",
            ("space", false) => @"\t-\r ",
            ("space", true) => @"\x00-\x08\x0e-\x1f!-\uffff",
            ("upper", false) => "A-Z",
            ("upper", true) => @"\x00-@\[-\uffff",
            ("word", false) => "0-9A-Z_a-z",
            ("word", true) => @"\x00-/:-@\[-\^`\{-\uffff",
            ("xdigit", false) => "0-9A-Fa-f",
            ("xdigit", true) => @"\x00-/:-@G-`g-\uffff",
            _ => throw new ArgumentException($"invalid character class range: `[:{name}:]`"),
        };
    }
}
