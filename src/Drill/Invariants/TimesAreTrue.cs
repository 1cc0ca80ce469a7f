using ShimStack.Drill.Record;

namespace ShimStack.Drill.Invariants;

/// <summary>
/// The truth is what the process noted as its last act; of one that was killed, the time between the signal and when it was seen to have
/// ended. What is told may be
/// <see cref="Tolerance.ExitTime"/> later, and all that is told must be the same.
/// </summary>
public sealed class TimesAreTrue : IInvariant
{
    public string Name => "times";

    public string Sentence => "Whoever is told of an exit is told the true time, and all the same one.";

    public IEnumerable<Finding> Check(DrillRecord record)
    {
        foreach (Subject subject in record.Subjects.Where(subject => subject.Ended is not null && record.Promises.TellsTimes))
        {
            DateTimeOffset from = subject.Noted?.At ?? subject.ToldToEnd?.Wall ?? subject.Started?.Wall ?? DateTimeOffset.MinValue;
            DateTimeOffset to = subject.Noted?.At ?? subject.Ended!.Value.Wall;
            string expected = $"it ended between {from:HH:mm:ss.fff} and {to:HH:mm:ss.fff}";
            DateTimeOffset? first = null;
            foreach (ExitReport report in subject.Waits.SelectMany(static wait => wait.Answers).Concat(subject.OwnEvents))
            {
                if (report.ExitedAt is not DateTimeOffset at || at < from - Tolerance.Clock || at > to + Tolerance.ExitTime)
                {
                    yield return new Finding(subject.Name, expected,
                        report.ExitedAt is null ? "no time is told" : $"told is {report.ExitedAt:HH:mm:ss.fff}", CanHeal: false);
                }
                else if (first is DateTimeOffset told && told != at)
                {
                    yield return new Finding(subject.Name, "all are told the same time",
                        $"told are {told:HH:mm:ss.fffffff} and {at:HH:mm:ss.fffffff}", CanHeal: false);
                }

                first ??= report.ExitedAt;
            }
        }
    }
}
