using System.Globalization;
using System.Text;

namespace ShimStack.Supervisor.Filters;

/// <summary>
/// Writes an expression of RE2 as one of .NET. Where the two agree it is copied; where they mean different things by the same text ("$", "\d",
/// classes) it is written out; what only .NET has (look-around, references to groups, "\Z") is refused as Go refuses it.
/// See https://github.com/google/re2/wiki/Syntax.
/// </summary>
internal sealed class GoRegexTranslation(string source)
{
    private const int MaxRepeat = 1000; // RE2's limit, for nested ones too
    private const int MaxDepth = 250;

    private readonly StringBuilder _target = new(source.Length + 16);
    private readonly Stack<(bool MultiLine, int Repeats)> _groups = new();
    private bool _multiLine;
    private int _repeats = 1; // the largest product of counts in this group
    private int _atomRepeats = 1; // that of the last atom
    private int _at;

    /// <exception cref="ArgumentException">It is no expression of RE2.</exception>
    public string Run()
    {
        while (_at < source.Length)
        {
            Translate(source[_at]);
        }

        return _groups.Count == 0 ? _target.ToString() : throw new ArgumentException("missing closing )");
    }

    private void Translate(char c)
    {
        switch (c)
        {
            case '(':
                Open();
                break;
            case ')':
                Close();
                break;
            case '[':
                Atom(new GoCharacterClass(source).Read(ref _at));
                break;
            case '\\':
                Escape();
                break;
            case '{':
                Repeat();
                break;
            case '$':
                _at++;
                Atom(_multiLine ? "$" : @"\z");
                break;
            case '*' or '+' or '?':
                _at++;
                _target.Append(c);
                break;
            case '^' or '.' or '|':
                _at++;
                Atom(c.ToString());
                break;
            default:
                Rune rune = Rune.GetRuneAt(source, _at);
                _at += rune.Utf16SequenceLength;
                Atom(GoEscape.Quote(rune));
                break;
        }
    }

    private void Atom(string text)
    {
        _target.Append(text);
        _atomRepeats = 1;
    }

    private void Open()
    {
        _at++;
        bool outer = _multiLine;
        if (_at < source.Length && source[_at] == '?')
        {
            _at++;
            if (!OpenSpecial())
            {
                return; // flags for the rest of the group
            }
        }
        else
        {
            _target.Append('(');
        }

        if (_groups.Count == MaxDepth)
        {
            throw new ArgumentException("expression nests too deeply");
        }

        _groups.Push((outer, _repeats));
        (_repeats, _atomRepeats) = (1, 1);
    }

    private bool OpenSpecial()
    {
        if (source.AsSpan(_at).StartsWith("P<") || source.AsSpan(_at).StartsWith("<"))
        {
            int end = source.IndexOf('>', _at);
            string name = end < 0 ? "" : source[(source.IndexOf('<', _at) + 1)..end];
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                throw new ArgumentException("invalid named capture");
            }

            _at = end + 1;
            _target.Append('('); // nobody asks for the group
            return true;
        }

        return OpenFlags();
    }

    private bool OpenFlags()
    {
        StringBuilder flags = new("(?");
        for (bool on = true; _at < source.Length; _at++)
        {
            char c = source[_at];
            switch (c)
            {
                case ':' or ')':
                    _at++;
                    CloseFlags(flags.ToString().TrimEnd('-'), c);
                    return c == ':';
                case '-' when on:
                    on = false;
                    flags.Append(c);
                    break;
                case 'm':
                    _multiLine = on;
                    flags.Append(c);
                    break;
                case 'i' or 's':
                    flags.Append(c);
                    break;
                case 'U':
                    break; // which of several matches is taken does not matter here
                default:
                    throw new ArgumentException($"invalid or unsupported Perl syntax: `(?{c}`");
            }
        }

        throw new ArgumentException("missing closing )");
    }

    // "(?)" is nothing to .NET, and an error.
    private void CloseFlags(string flags, char end)
    {
        if (end == ':' || flags != "(?")
        {
            _target.Append(flags).Append(end);
        }
    }

    private void Close()
    {
        if (!_groups.TryPop(out (bool MultiLine, int Repeats) outer))
        {
            throw new ArgumentException("unexpected )");
        }

        _at++;
        _target.Append(')');
        _atomRepeats = _repeats;
        _multiLine = outer.MultiLine;
        _repeats = Math.Max(_repeats, outer.Repeats);
    }

    // "{2}", "{2,}" and "{2,5}"; any other brace stands for itself.
    private void Repeat()
    {
        int end = source.IndexOf('}', _at);
        string[] bounds = end < 0 ? [] : source[(_at + 1)..end].Split(',');
        if (bounds.Length is not (1 or 2) || !IsNumber(bounds[0]) || (bounds[^1].Length > 0 && !IsNumber(bounds[^1])))
        {
            _at++;
            Atom(@"\{");
            return;
        }

        int most = Math.Max(CountOf(bounds[0]), CountOf(bounds[^1]));
        _atomRepeats *= Math.Max(most, 1);
        if (most > MaxRepeat || _atomRepeats > MaxRepeat)
        {
            throw new ArgumentException($"invalid repeat count: `{source[_at..(end + 1)]}`");
        }

        _repeats = Math.Max(_repeats, _atomRepeats);
        _target.Append(source, _at, end + 1 - _at);
        _at = end + 1;
    }

    private void Escape()
    {
        char c = _at + 1 < source.Length ? source[_at + 1] : throw new ArgumentException("trailing backslash at end of expression");
        switch (c)
        {
            case 'A' or 'b' or 'B' or 'z':
                _at += 2;
                Atom("\\" + c);
                break;
            case 'Q':
                Literal();
                break;
            default:
                if (GoEscape.TryReadSet(source, ref _at) is string set)
                {
                    Atom($"[{set}]");
                }
                else
                {
                    Atom(GoEscape.Quote(GoEscape.ReadRune(source, ref _at)));
                }

                break;
        }
    }

    private void Literal()
    {
        int from = _at + 2;
        int end = source.IndexOf(@"\E", from, StringComparison.Ordinal);
        string text = source[from..(end < 0 ? source.Length : end)];
        foreach (Rune rune in text.EnumerateRunes())
        {
            Atom(GoEscape.Quote(rune));
        }

        _at = end < 0 ? source.Length : end + 2;
    }

    private static bool IsNumber(string text) => text.Length is > 0 and < 10 && text.All(char.IsAsciiDigit);

    private static int CountOf(string text) => text.Length == 0 ? 0 : int.Parse(text, CultureInfo.InvariantCulture);
}
