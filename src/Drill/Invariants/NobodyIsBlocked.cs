using System.Globalization;
using ShimStack.Drill.Record;

namespace ShimStack.Drill.Invariants;

/// <summary>Lines carry the time at which they were written: a worker that stood still shows a gap, whenever its lines arrive.</summary>
public sealed class NobodyIsBlocked : IInvariant
{
    public string Name => "blocked";

    public string Sentence => "No container stands still because its daemon does.";

    public IEnumerable<Finding> Check(DrillRecord record)
    {
        foreach (Subject subject in record.Subjects.Where(static subject => !subject.IsOrphan))
        {
            foreach (Gap gap in subject.Output.Beats.Gaps.Where(static gap => gap.Length >= Tolerance.Blocked))
            {
                if (!subject.Pauses.Exists(pause => pause.Meets(gap.From, gap.To)))
                {
                    string expected = string.Create(CultureInfo.InvariantCulture, $"a beat within {Tolerance.Blocked.TotalSeconds:0} s");
                    string seen = string.Create(CultureInfo.InvariantCulture, $"none for {gap.Length.TotalMilliseconds:0} ms");
                    yield return new Finding(subject.Name, expected, seen, CanHeal: false);
                }
            }
        }
    }
}
