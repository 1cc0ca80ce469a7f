using System.Buffers;
using System.Text;

namespace ShimStack.Shim.Stdio.Logs;

/// <summary>What is known of a line besides its bytes.</summary>
/// <param name="Stream">stdout or stderr.</param>
/// <param name="At">When it came; UTC.</param>
/// <param name="IsWhole">It ends here; otherwise it goes on in the next record of its stream.</param>
internal readonly record struct LogRecord(string Stream, DateTimeOffset At, bool IsWhole)
{
    private const int DecimalsOfTick = 7;

    /// <summary>RFC 3339 with as many decimals as there are, which Go calls RFC3339Nano; "2024-02-29T23:59:58.12345Z".</summary>
    public void WriteTime(IBufferWriter<byte> output)
    {
        const int ToSeconds = 19;
        Span<byte> text = output.GetSpan(ToSeconds + DecimalsOfTick + 2);
        "0000-00-00T00:00:00."u8.CopyTo(text);
        PutDigits(text[..4], At.Year);
        PutDigits(text[5..7], At.Month);
        PutDigits(text[8..10], At.Day);
        PutDigits(text[11..13], At.Hour);
        PutDigits(text[14..16], At.Minute);
        PutDigits(text[17..19], At.Second);
        int length = ToSeconds;
        int ticks = (int)(At.Ticks % TimeSpan.TicksPerSecond);
        if (ticks > 0)
        {
            PutDigits(text.Slice(ToSeconds + 1, DecimalsOfTick), ticks);
            length = text[..(ToSeconds + 1 + DecimalsOfTick)].LastIndexOfAnyExcept((byte)'0') + 1;
        }

        text[length++] = (byte)'Z';
        output.Advance(length);
    }

    public void WriteStream(IBufferWriter<byte> output) => Encoding.ASCII.GetBytes(Stream, output);

    private static void PutDigits(Span<byte> place, int number)
    {
        for (int i = place.Length - 1; i >= 0; i--)
        {
            place[i] = (byte)('0' + (number % 10));
            number /= 10;
        }
    }
}
