using ShimStack.FaultTests.Harness;

namespace ShimStack.FaultTests;

/// <summary>Something that goes wrong around a shim, and what a shim should make of it: a row of docs/reliability.md.</summary>
/// <param name="Group">The heading of its table.</param>
/// <param name="Title">What goes wrong.</param>
/// <param name="Promise">What should happen.</param>
/// <param name="Run">Makes it happen, and looks.</param>
internal sealed record Fault(string Group, string Title, string Promise, Func<FaultStage, Task> Run)
{
    /// <summary>Its name: titles of two groups may be the same.</summary>
    public string Name => $"{Group}: {Title}";

    /// <summary>It is mostly waiting: such faults run beside the others.</summary>
    public bool IsLong { get; init; }

    /// <summary>More settings for the shim, by their variables.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
