using ShimStack.Native.Memory;

namespace ShimStack.NativeTests;

public sealed class ProgramCodeTests
{
    [Fact]
    public void CodeThatWasGivenBackRunsOn()
    {
        long before = CodeInMemory();
        long released = ProgramCode.Release();
        long after = CodeInMemory();
        Assert.InRange(released, 1 << 20, long.MaxValue);
        Assert.True(after < before, $"{after} of {before} bytes of the runtime's code are still in memory");
        ProgramCode.Take();
        Assert.True(CodeInMemory() >= before, "not all of it has come back");
    }

    // The .NET runtime's: large, and what of it is used again comes back at once.
    private static long CodeInMemory()
    {
        long kilobytes = 0;
        bool counts = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[0].Contains('-', StringComparison.Ordinal))
            {
                counts = words[1].StartsWith("r-x", StringComparison.Ordinal) && line.EndsWith("libcoreclr.so", StringComparison.Ordinal);
            }
            else if (counts && words[0] == "Rss:")
            {
                kilobytes += long.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        return kilobytes * 1024;
    }
}
