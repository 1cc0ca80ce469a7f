using ShimStack.Drill.Record;

namespace ShimStack.Drill.Invariants;

/// <summary>
/// Something that must hold after each step, whatever the step was: a function of the record, which calls nothing. What can still come true
/// is asked for
/// again until patience is over, so a finding may be early, never late.
/// </summary>
public interface IInvariant
{
    /// <summary>One word for tables and JUnit.</summary>
    string Name { get; }

    /// <summary>What it demands, in one sentence.</summary>
    string Sentence { get; }

    IEnumerable<Finding> Check(DrillRecord record);
}

/// <summary>What does not hold.</summary>
/// <param name="Subject">Of whom.</param>
/// <param name="Expected">What should be; the same words each time that the same thing is wrong.</param>
/// <param name="Seen">What is.</param>
/// <param name="CanHeal">It may be only on its way.</param>
public sealed record Finding(string Subject, string Expected, string Seen, bool CanHeal);
