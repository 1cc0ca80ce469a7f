using System.Buffers;
using System.Globalization;
using System.Text;

namespace ShimStack.Shim.Stdio.Logs;

/// <summary>What is known of a line besides its bytes.</summary>
/// <param name="Stream">stdout or stderr.</param>
/// <param name="At">When it came; UTC.</param>
/// <param name="IsWhole">It ends here; otherwise it goes on in the next record of its stream.</param>
internal readonly record struct LogRecord(string Stream, DateTimeOffset At, bool IsWhole)
{
    /// <summary>RFC 3339 with as many decimals as there are, which Go calls RFC3339Nano.</summary>
    public void WriteTime(IBufferWriter<byte> output)
    {
        const int Longest = 32;
        At.UtcDateTime.TryFormat(output.GetSpan(Longest), out int length, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
        output.Advance(length);
    }

    public void WriteStream(IBufferWriter<byte> output) => Encoding.ASCII.GetBytes(Stream, output);
}
