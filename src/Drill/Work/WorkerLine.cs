using System.Buffers.Text;

namespace ShimStack.Drill.Work;

/// <summary>
/// The lines of a worker, the same as in worker.c: known by their place in the stream but for the time, for which the checksum vouches.
/// </summary>
internal static class WorkerLine
{
    public const int Length = 64;
    public const long NanosecondsPerMicrosecond = 1000;

    private const int NameLength = 20;
    private const int NumberLength = 10;
    private const int TimeLength = 16;
    private const int SummedLength = 48;
    private const uint Basis = 2166136261;
    private const uint Prime = 16777619;

    /// <summary>Writes the line of that number, as a worker would.</summary>
    public static byte[] Make(string name, int stream, long number, long microseconds)
    {
        byte[] line = new byte[Length];
        line.AsSpan().Fill((byte)'.');
        System.Text.Encoding.ASCII.GetBytes(name, line);
        line[NameLength] = (byte)('0' + stream);
        Utf8Formatter.TryFormat(number, line.AsSpan(NameLength + 1), out _, new('D', NumberLength));
        line[NameLength + 1 + NumberLength] = (byte)' ';
        Utf8Formatter.TryFormat(microseconds, line.AsSpan(NameLength + 2 + NumberLength), out _, new('D', TimeLength));
        line[SummedLength] = (byte)' ';
        Utf8Formatter.TryFormat(Checksum(line), line.AsSpan(SummedLength + 1), out _, new('x', 8));
        line[Length - 1] = (byte)'\n';
        return line;
    }

    /// <summary>The number that a line carries; null if there is none where it should be.</summary>
    public static long? TryNumber(ReadOnlySpan<byte> line) =>
        Utf8Parser.TryParse(line.Slice(NameLength + 1, NumberLength), out long number, out int used) && used == NumberLength ? number : null;

    /// <summary>The time of the line if it is the one that should be here; null if a byte of it is another.</summary>
    public static long? TryTime(ReadOnlySpan<byte> line, string name, int stream, long number)
    {
        ReadOnlySpan<byte> time = line.Slice(NameLength + 2 + NumberLength, TimeLength);
        return Utf8Parser.TryParse(time, out long microseconds, out int used) && used == TimeLength
            && line.SequenceEqual(Make(name, stream, number, microseconds)) ? microseconds : null;
    }

    /// <summary>FNV-1a.</summary>
    private static uint Checksum(ReadOnlySpan<byte> line)
    {
        uint sum = Basis;
        foreach (byte letter in line[..SummedLength])
        {
            sum = unchecked((sum ^ letter) * Prime);
        }

        return sum;
    }
}
