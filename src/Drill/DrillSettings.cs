using ShimStack.Drill.Live;
using ShimStack.Drill.Scenarios;

namespace ShimStack.Drill;

/// <summary>What is to be drilled, and how.</summary>
public sealed record DrillSettings
{
    /// <summary>Names; none for all.</summary>
    public IReadOnlyList<string> Scenarios { get; init; } = [];

    public required PlanSettings Plan { get; init; }

    /// <summary>As in <see cref="DrillPlan.Targets"/>.</summary>
    public required string Target { get; init; }

    /// <summary>The daemon's program; absolute.</summary>
    public string Daemon { get; init; } = "";

    /// <summary>The containerd below dockerd; absolute.</summary>
    public string Ground { get; init; } = "";

    /// <summary>Another build of the daemon, for upgrades; absolute.</summary>
    public string Next { get; init; } = "";

    /// <summary>The daemon of the machine that is drilled; null for a private one.</summary>
    public LiveFacts? Live { get; init; }

    /// <summary>The shim's program; absolute.</summary>
    public string Shim { get; init; } = "";

    /// <summary>Rounds of each scenario are repeated so long; null for one round.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Rounds are repeated until an invariant does not hold.</summary>
    public bool UntilFailure { get; init; }
}
