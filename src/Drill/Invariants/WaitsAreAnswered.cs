using ShimStack.Drill.Record;

namespace ShimStack.Drill.Invariants;

/// <summary>
/// Every Wait, whether it was open at the end or asked later, and whatever became of the daemon meanwhile. Of a container whose shim died
/// daemons keep nothing to ask for,
/// by design: of that the event tells, so such a Wait may be refused.
/// </summary>
public sealed class WaitsAreAnswered : IInvariant
{
    public string Name => "waits";

    public string Sentence => "Each Wait is answered exactly once, and not before the end.";

    public IEnumerable<Finding> Check(DrillRecord record)
    {
        bool isUp = record.DaemonNow == DaemonState.Up;
        foreach (Subject subject in record.Subjects.Where(subject => subject.IsInit || record.Promises.KeepsExecs))
        {
            foreach (WaitRecord wait in subject.Waits)
            {
                string expected = $"the {wait.Name} Wait is answered once";
                if (wait.Answers.Count > 1)
                {
                    yield return new Finding(subject.Name, expected, $"{wait.Answers.Count} answers", CanHeal: false);
                }
                else if (wait.Answers.Count == 1 && subject is { Ended: null, Noted: null })
                {
                    yield return new Finding(subject.Name, expected + " when it has ended", "it is answered, and the process runs",
                        CanHeal: true);
                }
                else if (wait.Answers.Count == 0 && !subject.IsOrphan && (wait.Refusal is not null || (isUp && subject.Ended is not null)))
                {
                    // A later daemon does not take a refusal back.
                    string seen = wait.Refusal is null ? "no answer" : $"refused: {wait.Refusal}";
                    yield return new Finding(subject.Name, expected, seen, CanHeal: wait.Refusal is null);
                }
            }
        }
    }
}
