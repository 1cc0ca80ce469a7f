using ShimStack.ShimDriver.Host;

namespace ShimStack.FaultTests.Harness;

/// <summary>Whether calls of the runtime go on.</summary>
internal static class RuntimeChecks
{
    /// <summary>No call of the runtime may run any more, or soon.</summary>
    public static async Task RuntimeEndsAsync(this FaultStage stage)
    {
        bool ended = await Until.TrueAsync(() => !RunningProcess.Marked(stage.Daemon.Mark).Any(
            process => process.CommandLine.Contains(stage.Runtime.Binary, StringComparison.Ordinal)));
        stage.Findings.Check(ended, "the hanging runtime stays");
    }

    /// <summary>The same after a create that was cut: then comes a forced delete.</summary>
    public static async Task ContainerEndsAsync(this FaultStage stage)
    {
        string state = Path.Combine(stage.Daemon.RuntimeRoot, stage.Daemon.Namespace, stage.Id);
        await Until.TrueAsync(() => !Directory.Exists(state));
        await stage.RuntimeEndsAsync();
    }
}
