namespace ShimStack.SystemTests.Soak.Plan;

/// <summary>When a kind of step is possible, and how often it is taken.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Weight">Among those that are possible.</param>
/// <param name="Subjects">The processes that it is possible with now; an empty name for a step of the daemon.</param>
/// <param name="Number">Draws what the step needs.</param>
internal sealed record StepRule(StepKind Kind, int Weight, Func<WalkModel, IEnumerable<string>> Subjects, Func<Random, WalkModel, string, int> Number);
