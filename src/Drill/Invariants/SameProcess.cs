using System.Globalization;
using ShimStack.Drill.Record;

namespace ShimStack.Drill.Invariants;

/// <summary>Pid and start time (field 22 of proc_pid_stat(5)) name a process for good.</summary>
public sealed class SameProcess : IInvariant
{
    public string Name => "same-process";

    public string Sentence => "A process that nobody has ended runs on, with the pid and the start time that it had, and was started once.";

    public IEnumerable<Finding> Check(DrillRecord record)
    {
        foreach (Subject subject in record.Subjects.Where(static subject => subject.Pid != 0))
        {
            if (subject.Starts > 1)
            {
                yield return new Finding(subject.Name, "its program is started once", $"it was started {subject.Starts} times",
                    CanHeal: false);
            }

            bool mayEnd = subject.Life != Life.Running || subject.Noted is not null || subject.IsOrphan;
            if (!mayEnd && subject.Sighted is Sighting seen && seen.StartTime != subject.StartTime)
            {
                string expected = string.Create(CultureInfo.InvariantCulture,
                    $"process {subject.Pid}, started at tick {subject.StartTime}, runs");
                string what = seen.StartTime == 0
                    ? "there is no such process"
                    : string.Create(CultureInfo.InvariantCulture, $"it was started at tick {seen.StartTime}");
                yield return new Finding(subject.Name, expected, what, CanHeal: false);
            }
        }
    }
}
