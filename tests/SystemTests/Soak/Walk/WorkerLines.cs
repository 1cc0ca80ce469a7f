using System.Globalization;
using System.Text;

namespace ShimStack.SystemTests.Soak.Walk;

/// <summary>What a worker writes: every byte is known by its position. The same as in tests/Probe/worker.c.</summary>
internal static class WorkerLines
{
    public const int Length = 64;

    /// <summary>As many as a worker writes at once: so many bytes may be on their way when it is killed.</summary>
    public const int AtOnce = 64;

    private const int NameLength = 24;
    private const int SummedLength = 35;
    private const uint Basis = 2166136261;
    private const uint Prime = 16777619;

    /// <summary>Where <paramref name="bytes"/>, which begin at <paramref name="position"/> of the stream, differ first; -1 for nowhere.</summary>
    public static int Difference(string name, long position, ReadOnlySpan<byte> bytes)
    {
        int done = 0;
        while (done < bytes.Length)
        {
            byte[] line = Line(name, (position + done) / Length);
            ReadOnlySpan<byte> expected = line.AsSpan((int)((position + done) % Length));
            int count = Math.Min(expected.Length, bytes.Length - done);
            int same = expected[..count].CommonPrefixLength(bytes.Slice(done, count));
            if (same < count)
            {
                return done + same;
            }

            done += count;
        }

        return -1;
    }

    public static byte[] Line(string name, long number)
    {
        string start = string.Create(CultureInfo.InvariantCulture, $"{name.PadRight(NameLength, '.')} {number:D10}");
        return Encoding.ASCII.GetBytes($"{start} {Checksum(start):x8}".PadRight(Length - 1, '.') + "\n");
    }

    /// <summary>FNV-1a.</summary>
    private static uint Checksum(string start)
    {
        uint sum = Basis;
        foreach (char letter in start.AsSpan(0, SummedLength))
        {
            sum = unchecked((sum ^ letter) * Prime);
        }

        return sum;
    }
}
