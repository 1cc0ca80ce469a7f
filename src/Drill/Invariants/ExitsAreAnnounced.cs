using ShimStack.Drill.Record;

namespace ShimStack.Drill.Invariants;

/// <summary>An event may come again after an outage; it may not be missing.</summary>
public sealed class ExitsAreAnnounced : IInvariant
{
    public string Name => "events";

    public string Sentence => "Each exit is announced by at least one event, also one that happened while the daemon was away.";

    public IEnumerable<Finding> Check(DrillRecord record) => record.Subjects
        .Where(subject => subject is { Ended: not null, Started: not null } && record.DaemonNow == DaemonState.Up
            && !subject.OwnEvents.Any())
        .Select(static subject => new Finding(subject.Name, "an exit event with its pid comes", "none came", CanHeal: true));
}
