using System.Globalization;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Stdio;

/// <summary>What a container's shell writes when it is told to: 8 MiB of numbered lines. Told by files in its root, which no daemon is needed for.</summary>
internal static class GatedOutput
{
    public const int Lines = 80_000;
    public const int Code = 5;

    /// <summary>In bytes.</summary>
    public const int Length = Lines * (Digits + 1);

    private const int Digits = 103;

    public const string Script =
        "touch /ready; until [ -e /go ]; do usleep 10000; done; awk 'BEGIN { for (i = 0; i < 80000; i++) printf \"%0103d\\n\", i }'; " +
        "touch /written; until [ -e /end ]; do usleep 10000; done; exit 5";

    public static string LastLine => Line(Lines - 1);

    public static bool IsReady(string root) => File.Exists($"{root}/ready");

    /// <summary>Returns when the container has got rid of everything, whoever reads it.</summary>
    public static Task WriteAsync(string root)
    {
        File.WriteAllText($"{root}/go", "");
        return Until.TrueAsync(() => File.Exists($"{root}/written"), "the container writes without a reader");
    }

    /// <summary>Lets the container end.</summary>
    public static void End(string root) => File.WriteAllText($"{root}/end", "");

    public static void AssertWhole(string output)
    {
        string[] lines = output.Split('\n');
        int wrong = Enumerable.Range(0, Math.Min(Lines, lines.Length)).FirstOrDefault(number => lines[number] != Line(number), -1);
        Assert.True(wrong < 0, wrong < 0 ? "" : $"line {wrong} is not what was written, but: {lines[wrong]}");
        Assert.Equal((Lines + 1, ""), (lines.Length, lines[^1]));
    }

    private static string Line(int number) => number.ToString($"D{Digits}", CultureInfo.InvariantCulture);
}
