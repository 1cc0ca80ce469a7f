using System.Buffers;
using System.Globalization;
using System.Text;

namespace ShimStack.Supervisor.Filters;

/// <summary>Cuts a filter into tokens. What a value may hold differs from what a field may, so it remembers that an operator came last.</summary>
internal sealed class FilterScanner(byte[] text)
{
    /// <summary>What <see cref="Peek"/> answers at the end.</summary>
    public const int End = -1;

    /// <summary>What <see cref="Peek"/> answers for a byte that no text may hold.</summary>
    public const int Illegal = -2;

    private int _start; // of the rune read last
    private int _next;
    private bool _value;

    /// <summary>Index of the next byte.</summary>
    public int Position => _next;

    /// <summary>Why a token was illegal, the first reason that there was.</summary>
    public string Error { get; private set; } = "";

    /// <summary>The next rune, left where it is.</summary>
    public int Peek()
    {
        (int start, int next) = (_start, _next);
        int rune = Next();
        (_start, _next) = (start, next);
        return rune;
    }

    /// <summary>The next token, taken.</summary>
    public FilterToken Scan()
    {
        int rune = Next();
        while (rune > 0 && Rune.IsWhiteSpace(new Rune(rune)))
        {
            rune = Next();
        }

        int position = _start;
        return new FilterToken(KindOf(rune), position, _next);
    }

    private TokenKind KindOf(int rune)
    {
        switch (rune)
        {
            case End:
                return TokenKind.End;
            case Illegal:
                return TokenKind.Illegal;
            case '/' or '|' or '"':
                return ScanQuoted(rune) ? TokenKind.Quoted : TokenKind.Illegal;
            case ',' or '.':
                _value = false;
                return TokenKind.Separator;
            case '=' or '!' or '~':
                Skip(r => r is '=' or '!' or '~');
                _value = true;
                return TokenKind.Operator;
            default:
                return ScanWord(rune);
        }
    }

    private TokenKind ScanWord(int rune)
    {
        if (_value)
        {
            Skip(IsValue);
            _value = false;
            return TokenKind.Value;
        }

        if (!IsField(rune))
        {
            return TokenKind.Unexpected;
        }

        Skip(IsField);
        return TokenKind.Field;
    }

    private void Skip(Func<int, bool> wanted)
    {
        while (wanted(Peek()))
        {
            Next();
        }
    }

    private bool ScanQuoted(int quote)
    {
        bool legal = true;
        int rune = Next();
        while (rune != quote)
        {
            if (rune is '\n' or < 0)
            {
                Fail("quoted literal not terminated");
                return false;
            }

            rune = rune == '\\' ? ScanEscape(quote, ref legal) : Next();
        }

        return legal;
    }

    private int ScanEscape(int quote, ref bool legal)
    {
        int rune = Next();
        switch (rune)
        {
            case 'a' or 'b' or 'f' or 'n' or 'r' or 't' or 'v' or '\\':
                return Next();
            case >= '0' and <= '7':
                return ScanDigits(rune, 8, 3, ref legal);
            case 'x':
                return ScanDigits(Next(), 16, 2, ref legal);
            case 'u':
                return ScanDigits(Next(), 16, 4, ref legal);
            case 'U':
                return ScanDigits(Next(), 16, 8, ref legal);
            default:
                if (rune == quote)
                {
                    return Next();
                }

                Fail("illegal escape sequence");
                legal = false;
                return rune;
        }
    }

    private int ScanDigits(int rune, int radix, int count, ref bool legal)
    {
        for (; count > 0 && QuotedText.Digit(rune) < radix; count--)
        {
            rune = Next();
        }

        if (count > 0)
        {
            Fail("illegal numeric escape sequence");
            legal = false;
        }

        return rune;
    }

    private int Next()
    {
        // containerd stops moving its start once the last rune is behind it; positions in messages depend on that.
        if (_start >= text.Length)
        {
            return End;
        }

        _start = _next;
        if (_next >= text.Length)
        {
            return End;
        }

        if (Rune.DecodeFromUtf8(text.AsSpan(_next), out Rune rune, out int length) != OperationStatus.Done || rune == Rune.ReplacementChar)
        {
            _next += length;
            Fail("rune error");
            return Illegal;
        }

        _next += length;
        if (rune.Value == 0)
        {
            Fail("unexpected null");
            return Illegal;
        }

        return rune.Value;
    }

    private void Fail(string error) => Error = Error.Length == 0 ? error : Error;

    private static bool IsField(int rune) => rune is '-' or '_' or (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9');

    private static bool IsValue(int rune) => rune > 0 && rune != ',' && !Rune.IsWhiteSpace(new Rune(rune)) && Rune.GetUnicodeCategory(new Rune(rune)) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
