using ShimStack.Drill.Record;

namespace ShimStack.Drill.Invariants;

/// <summary>What was cut in the middle is either done or undone, and can be taken up again under the same name.</summary>
public sealed class NothingIsStuck : IInvariant
{
    public string Name => "stuck";

    public string Sentence => "A container whose create, start, exec or delete was cut can be brought to run, and taken away.";

    public IEnumerable<Finding> Check(DrillRecord record) => record.Subjects
        .Where(static subject => subject.Stuck is not null)
        .Select(static subject => new Finding(subject.Name, "what was cut can be taken up again", subject.Stuck!, CanHeal: false));
}
