namespace ShimStack.SystemTests.Daemons;

/// <summary>In what a test's stage differs from the usual one.</summary>
internal sealed record StageSettings
{
    /// <summary>The folder that the daemon searches first for shims; null for ours.</summary>
    public string? FirstInPath { get; init; }

    /// <summary>A program that starts the daemon, in the stage's folder; empty for none.</summary>
    public string DaemonPrefix { get; init; } = "";

    /// <summary>The daemon's namespace; null for the stage's name.</summary>
    public string? Namespace { get; init; }

    /// <inheritdoc cref="Daemon.KubernetesConfiguration"/>
    public Func<Daemon, string>? KubernetesConfiguration { get; init; }

    /// <summary>How long the test may take.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>What must be there before the daemon starts.</summary>
    public Func<Stage, Task>? Prepare { get; init; }
}
