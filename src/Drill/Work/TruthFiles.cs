using System.Globalization;
using ShimStack.Drill.Record;

namespace ShimStack.Drill.Work;

/// <summary>What workers note about themselves, in a folder that is mounted into their containers: past daemon and shim.</summary>
internal static class TruthFiles
{
    /// <summary>Where it notes how it begins and ends.</summary>
    public static string PathOf(string folder, Subject subject) => Path.Combine(folder, $"{subject.Name}.truth");

    /// <summary>Reads what <paramref name="subject"/> has noted by now.</summary>
    public static void Read(string folder, Subject subject)
    {
        string truth = PathOf(folder, subject);
        string[] lines = File.Exists(truth) ? File.ReadAllLines(truth) : [];
        subject.Starts = lines.Count(static line => line == "start");
        foreach (string line in lines)
        {
            subject.Noted = Parse(line.Split(' ')) ?? subject.Noted;
        }

        string counters = Path.Combine(folder, $"{subject.Name}.count");
        if (File.Exists(counters) && File.ReadAllBytes(counters) is { Length: 2 * sizeof(long) } counts)
        {
            subject.Written[0] = BitConverter.ToInt64(counts, 0);
            subject.Written[1] = BitConverter.ToInt64(counts, sizeof(long));
        }
    }

    private static NotedEnd? Parse(string[] words)
    {
        if (words is not ["exit", string code, string at])
        {
            return null;
        }

        decimal seconds = decimal.Parse(at, CultureInfo.InvariantCulture);
        return new NotedEnd(int.Parse(code, CultureInfo.InvariantCulture),
            DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)));
    }
}
