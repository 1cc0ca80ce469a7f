using ShimStack.Drill.Record;

namespace ShimStack.Drill.Invariants;

/// <summary>An event may come again after an outage; it may not be missing.</summary>
public sealed class ExitsAreAnnounced : IInvariant
{
    public string Name => "events";

    public string Sentence => "Each exit is announced by at least one event, also one that happened while the daemon was away.";

    // Long enough for an event to be made, and to be read by whoever had just come back.
    private static readonly TimeSpan Near = TimeSpan.FromSeconds(2);

    public IEnumerable<Finding> Check(DrillRecord record) => record.Subjects
        .Where(subject => subject is { Ended: not null, Started: not null } && record is { DaemonNow: DaemonState.Up, IsDiskFull: false }
            && !subject.OwnEvents.Any() && (record.Promises.AnnouncesLater || (subject.IsInit && !WasAwayAround(record, subject.Ended.Value))))
        .Select(static subject => new Finding(subject.Name, "an exit event with its pid comes", "none came", CanHeal: true));

    private static bool WasAwayAround(DrillRecord record, Moment end) =>
        record.Daemon.Exists(change => change.At.Since(end).Duration() < Near)
        || record.Daemon.LastOrDefault(change => change.At.Nanoseconds < end.Nanoseconds).State != DaemonState.Up;
}
