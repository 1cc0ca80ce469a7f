using System.Globalization;
using ShimStack.Drill.Record;

namespace ShimStack.Drill.Invariants;

/// <summary>What the daemon's list says of the first processes of containers.</summary>
public sealed class DaemonKnows : IInvariant
{
    public string Name => "daemon-knows";

    public string Sentence => "The daemon lists each container that runs, as running (or paused) and with its true pid.";

    public IEnumerable<Finding> Check(DrillRecord record)
    {
        foreach (Subject subject in record.Subjects
            .Where(static subject => subject is { IsInit: true, Life: Life.Running, Noted: null, IsOrphan: false }))
        {
            if (subject.Sighted is not Sighting seen || seen.DaemonStatus.Length == 0 || subject.Ended is not null)
            {
                continue; // The daemon was away, or it ends just now.
            }

            bool isPaused = subject.Pauses.Exists(static pause => pause.To == long.MaxValue);
            string expected = string.Create(CultureInfo.InvariantCulture, $"{(isPaused ? "paused" : "running")} as process {subject.Pid}");
            string said = seen.DaemonPid is int pid
                ? string.Create(CultureInfo.InvariantCulture, $"{seen.DaemonStatus.ToLowerInvariant()} as process {pid}")
                : seen.DaemonStatus;
            if (said != expected)
            {
                yield return new Finding(subject.Name, $"the daemon says: {expected}", said, CanHeal: true);
            }
        }
    }
}
