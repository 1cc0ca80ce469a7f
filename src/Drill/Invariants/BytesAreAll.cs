using System.Globalization;
using ShimStack.Drill.Record;

namespace ShimStack.Drill.Invariants;

/// <summary>A worker counts the lines that it got rid of, in a file that it shares with the drill.</summary>
public sealed class BytesAreAll : IInvariant
{
    private const long Near = 1_000_000_000;

    // The lines of the last buffer of a process that ended as its daemon did: no later line shows that they are missing.
    private const long InHand = 256;

    public string Name => "bytes-all";

    public string Sentence => "Every line that a process got rid of arrives, and then the end of the stream.";

    public IEnumerable<Finding> Check(DrillRecord record)
    {
        foreach (Subject subject in record.Subjects.Where(subject => subject is { Started: not null, IsOrphan: false, LosesOutput: false }
            && (record.Promises.HandsOutput || subject.IsInit)))
        {
            foreach ((StreamRecord stream, long written) in (ReadOnlySpan<(StreamRecord, long)>)[(subject.Output, subject.Written[0]),
                (subject.Errors, subject.Written[1])])
            {
                if (stream.Holes.Find(hole => !IsExcused(record, hole)) is { Count: > 0 } hole)
                {
                    return [new Finding(subject.Name, $"all lines of {stream.Name} arrive while the daemon lives",
                        string.Create(CultureInfo.InvariantCulture, $"{hole.Count} are missing from {hole.First} on"), CanHeal: false)];
                }

                if (stream.Fault is null && IsRead(record) && stream.Lines + stream.Holes.Sum(static hole => hole.Count) < written - MayBeLost(record))
                {
                    return [new Finding(subject.Name, $"all lines of {stream.Name} arrive", Of(stream.Lines, written), CanHeal: true)];
                }

                if (record.Promises.HandsOutput && !KeepsEnds(record) && subject is { Ended: not null, Order.LogsToFile: false } && !stream.HasEnded)
                {
                    return [new Finding(subject.Name, $"{stream.Name} ends with its process", "it has no end", CanHeal: true)];
                }
            }
        }

        return [];
    }

    // A daemon that reads output itself has some in hand when it ends, and with it that is lost; and it drops what it has no room to write.
    private static bool IsExcused(DrillRecord record, Hole hole) =>
        record.Daemon.Exists(change => change.State == DaemonState.Down
            && hole.Time.Meets(change.At.Nanoseconds - Near, change.At.Nanoseconds + Near))
        || record.FullDisks.Exists(full => hole.Time.Meets(full.From, full.To));

    // What another shim would need, be it the end of a stream, a frozen daemon gives up when it is thawed.
    private static bool KeepsEnds(DrillRecord record) => record.Promises.OutlivesShims && record.DaemonNow == DaemonState.Frozen;

    // While a daemon that reads output itself is away, that waits.
    private static bool IsRead(DrillRecord record) => record.Promises.HandsOutput || record.DaemonNow == DaemonState.Up;

    private static long MayBeLost(DrillRecord record) => record.Promises.HandsOutput ? 0 : InHand;

    private static string Of(long came, long written) => string.Create(CultureInfo.InvariantCulture, $"{came} came of {written}");
}
