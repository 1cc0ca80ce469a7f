using System.Buffers;

namespace ShimStack.Shim.Stdio.Logs;

/// <summary>A line of kubelet's container logs: time, stream, F for a whole line or P for a part, and the line as it is.</summary>
internal static class CriRecord
{
    public static void Write(IBufferWriter<byte> output, LogRecord record, ReadOnlySpan<byte> line)
    {
        record.WriteTime(output);
        output.Write(" "u8);
        record.WriteStream(output);
        output.Write(record.IsWhole ? " F "u8 : " P "u8);
        output.Write(line);
        output.Write("\n"u8);
    }
}
