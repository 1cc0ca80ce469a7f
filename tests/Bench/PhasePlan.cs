namespace ShimStack.Bench;

/// <summary>A phase: what is done with each shim in turn, so often, and what is done once in each round.</summary>
internal sealed record PhasePlan(string Name, int Rounds, Func<Contender, CancellationToken, Task> Turn)
{
    /// <summary>Who takes part; null for all.</summary>
    internal IReadOnlyList<Contender>? Contenders { get; init; }

    /// <summary>The same without a shim, once in each round.</summary>
    internal Func<CancellationToken, Task>? Between { get; init; }
}
