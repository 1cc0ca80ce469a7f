using System.Buffers;
using System.Text;

namespace ShimStack.Shim.Stdio.Logs;

/// <summary>
/// A line of Docker's json-file driver: <c>{"log":"…\n","stream":"stdout","time":"…"}</c>, where a part of a line has no <c>\n</c>.
/// Escaped is what the driver escapes, so that tools that compare bytes see no difference.
/// </summary>
internal static class JsonRecord
{
    public static void Write(IBufferWriter<byte> output, LogRecord record, ReadOnlySpan<byte> line)
    {
        output.Write("{\"log\":\""u8);
        WriteText(output, line);
        output.Write(record.IsWhole ? "\\n\",\"stream\":\""u8 : "\",\"stream\":\""u8);
        record.WriteStream(output);
        output.Write("\",\"time\":\""u8);
        record.WriteTime(output);
        output.Write("\"}\n"u8);
    }

    private static void WriteText(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            int plain = PlainLength(text);
            output.Write(text[..plain]);
            text = text[plain..];
            if (text.IsEmpty)
            {
                return;
            }

            OperationStatus status = Rune.DecodeFromUtf8(text, out Rune character, out int length);
            length = status == OperationStatus.Done ? length : 1;
            WriteSpecial(output, character, text[..length]);
            text = text[length..];
        }
    }

    // Bytes that are no character decode to U+FFFD, one at a time.
    private static void WriteSpecial(IBufferWriter<byte> output, Rune character, ReadOnlySpan<byte> bytes)
    {
        switch (character.Value)
        {
            case '"' or '\\':
                output.Write("\\"u8);
                output.Write(bytes);
                break;
            case '\r':
                output.Write("\\r"u8);
                break;
            case < 0x80 or 0x2028 or 0x2029:
            case 0xfffd when bytes is not [0xef, 0xbf, 0xbd]:
                WriteEscaped(output, character.Value);
                break;
            default:
                output.Write(bytes);
                break;
        }
    }

    private static void WriteEscaped(IBufferWriter<byte> output, int value)
    {
        ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
        output.Write([(byte)'\\', (byte)'u', digits[value >> 12], digits[(value >> 8) & 15], digits[(value >> 4) & 15], digits[value & 15]]);
    }

    private static int PlainLength(ReadOnlySpan<byte> text)
    {
        int length = 0;
        while (length < text.Length && text[length] is >= 0x20 and < 0x80 and not ((byte)'"' or (byte)'\\' or (byte)'<' or (byte)'>' or (byte)'&'))
        {
            length++;
        }

        return length;
    }
}
