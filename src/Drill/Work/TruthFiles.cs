using System.Globalization;
using ShimStack.Drill.Record;

namespace ShimStack.Drill.Work;

/// <summary>What workers note about themselves, in a folder that is mounted into their containers: past daemon and shim.</summary>
internal static class TruthFiles
{
    /// <summary>Reads what <paramref name="subject"/> has noted by now.</summary>
    public static void Read(string folder, Subject subject)
    {
        string path = Path.Combine(folder, subject.Name);
        foreach (string line in File.Exists($"{path}.truth") ? File.ReadAllLines($"{path}.truth") : [])
        {
            subject.Noted = Parse(line.Split(' ')) ?? subject.Noted;
        }

        subject.Starts = File.Exists($"{path}.truth") ? File.ReadLines($"{path}.truth").Count(static line => line == "start") : 0;
        if (File.Exists($"{path}.count") && File.ReadAllBytes($"{path}.count") is { Length: 2 * sizeof(long) } counts)
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
        return new NotedEnd(int.Parse(code, CultureInfo.InvariantCulture), DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)));
    }
}
