namespace ShimStack.Drill.Record;

/// <summary>An invariant that did not hold.</summary>
/// <param name="Invariant">Its name.</param>
/// <param name="Subject">The container or exec; "daemon" or "machine" for what belongs to none.</param>
/// <param name="Step">The number of the step after which it was seen.</param>
/// <param name="At">When it was seen.</param>
/// <param name="Expected">What should have been.</param>
/// <param name="Seen">What was instead.</param>
/// <param name="Excerpt">The journal and the daemon's log around it.</param>
public sealed record Violation(string Invariant, string Subject, int Step, Moment At, string Expected, string Seen,
    IReadOnlyList<string> Excerpt);
