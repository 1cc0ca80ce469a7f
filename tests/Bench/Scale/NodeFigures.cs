namespace ShimStack.Bench.Scale;

/// <summary>What so many containers cost a node, by one shim.</summary>
internal sealed record NodeFigures
{
    public required string Shim { get; init; }

    public required int Containers { get; init; }

    /// <summary>Until all of them run, started eight at a time.</summary>
    public required double StartSeconds { get; init; }

    /// <summary>Sum of the shims' PSS.</summary>
    public required double ShimMegabytes { get; init; }

    public required double ShimPrivateDirtyMegabytes { get; init; }

    public required int ShimThreads { get; init; }

    public required int ShimDescriptors { get; init; }

    /// <summary>Of containerd, while it has them all.</summary>
    public required int DaemonDescriptors { get; init; }

    /// <summary>CPU of all shims while nothing happens, in per mille of one processor.</summary>
    public required double IdleShimPerMille { get; init; }

    /// <summary>The same of containerd.</summary>
    public required double IdleDaemonPerMille { get; init; }

    /// <summary>The same of everything on the machine.</summary>
    public required double IdleNodePerMille { get; init; }

    /// <summary>From the SIGKILL of containerd, after which a new one is started at once, until that one lists all of them as running.</summary>
    public required double RecoverySeconds { get; init; }

    /// <summary>CPU of all shims in that time.</summary>
    public required double RecoveryShimCpuSeconds { get; init; }
}
