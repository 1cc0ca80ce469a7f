using System.Buffers;
using System.Text;

namespace ShimStack.Supervisor.Filters;

/// <summary>Text in quotes with the escapes of a Go string literal; "/" and "|" quote as well, so that an expression needs fewer of them.</summary>
internal static class QuotedText
{
    private const int NoDigit = 16;
    private const int MaxByte = 255;

    /// <summary>What stands between the quotes; null if an escape makes no sense. The scanner has found both quotes.</summary>
    public static string? Read(ReadOnlySpan<byte> quoted)
    {
        byte quote = quoted[0];
        ReadOnlySpan<byte> rest = quoted[1..^1];
        if (rest.IndexOf((byte)'\\') < 0)
        {
            return Encoding.UTF8.GetString(rest);
        }

        ArrayBufferWriter<byte> text = new(quoted.Length);
        while (rest.Length > 0)
        {
            if (rest[0] != '\\')
            {
                text.Write(rest[..1]);
                rest = rest[1..];
            }
            else if (!ReadEscape(ref rest, quote, text))
            {
                return null;
            }
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>The value of a hexadecimal digit; 16 for what is none.</summary>
    public static int Digit(int rune) => rune switch
    {
        >= '0' and <= '9' => rune - '0',
        >= 'a' and <= 'f' => rune - 'a' + 10,
        >= 'A' and <= 'F' => rune - 'A' + 10,
        _ => NoDigit,
    };

    private static bool ReadEscape(ref ReadOnlySpan<byte> rest, byte quote, ArrayBufferWriter<byte> text)
    {
        byte c = rest[1];
        rest = rest[2..];
        switch (c)
        {
            case (byte)'x':
                return ReadNumber(ref rest, 16, 2, out uint value) && WriteByte(value, text);
            case (byte)'u':
                return ReadNumber(ref rest, 16, 4, out value) && WriteRune(value, text);
            case (byte)'U':
                return ReadNumber(ref rest, 16, 8, out value) && WriteRune(value, text);
            case >= (byte)'0' and <= (byte)'7':
                return ReadNumber(ref rest, 8, 2, out value) && WriteByte((((uint)c - '0') << 6) | value, text);
            default:
                int plain = Plain(c, quote);
                return plain >= 0 && WriteByte((uint)plain, text);
        }
    }

    private static int Plain(byte c, byte quote) => c switch
    {
        (byte)'a' => '\a',
        (byte)'b' => '\b',
        (byte)'f' => '\f',
        (byte)'n' => '\n',
        (byte)'r' => '\r',
        (byte)'t' => '\t',
        (byte)'v' => '\v',
        (byte)'\\' => '\\',
        _ => c == quote ? c : -1,
    };

    private static bool ReadNumber(ref ReadOnlySpan<byte> rest, uint radix, int digits, out uint value)
    {
        value = 0;
        if (rest.Length < digits)
        {
            return false;
        }

        foreach (byte c in rest[..digits])
        {
            if (Digit(c) >= radix)
            {
                return false;
            }

            value = (value * radix) + (uint)Digit(c);
        }

        rest = rest[digits..];
        return true;
    }

    private static bool WriteByte(uint value, ArrayBufferWriter<byte> text)
    {
        if (value > MaxByte)
        {
            return false;
        }

        text.Write([(byte)value]);
        return true;
    }

    private static bool WriteRune(uint value, ArrayBufferWriter<byte> text)
    {
        const uint LastRune = 0x10ffff;
        if (value > LastRune)
        {
            return false;
        }

        Rune rune = Rune.IsValid(value) ? new Rune(value) : Rune.ReplacementChar; // half of a surrogate pair
        text.Advance(rune.EncodeToUtf8(text.GetSpan(4)));
        return true;
    }
}
