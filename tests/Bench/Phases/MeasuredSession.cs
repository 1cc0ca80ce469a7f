using ShimStack.ShimDriver.Bundles;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench.Phases;

/// <summary>A session around one measurement.</summary>
internal static class MeasuredSession
{
    internal static readonly SessionOptions Options = new() { KeepsOutput = false, TimesExactly = true };

    /// <summary>Makes a session, measures, and removes it. A failure tells what the shim had logged until then.</summary>
    internal static async Task RunAsync(
        DaemonSide daemon, Contender contender, BundleSpec spec, Func<ShimSession, Task> measure, SessionOptions? options = null)
    {
        await using var session = new ShimSession(daemon, contender.Shim, spec, options ?? Options);
        try
        {
            await measure(session);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new InvalidOperationException($"{contender.Name}, {session.Id}: {e.Message}\nits log:\n{session.Bundle.Log.Text}", e);
        }
    }

    /// <summary>From nothing to a running container.</summary>
    internal static async Task RunContainerAsync(this ShimSession session, CancellationToken cancellation)
    {
        await session.LaunchAsync(cancellation);
        await session.CreateAsync(cancellation);
        await session.StartAsync(cancellation);
    }

    /// <summary>An exec of `true`, from Exec to Delete.</summary>
    internal static async Task RunExecAsync(this ShimSession session, string execId, CancellationToken cancellation)
    {
        ShimExec exec = await session.ExecAsync(execId, ["true"], cancellation);
        await exec.StartAsync(cancellation);
        await exec.WaitForExitEventAsync(TimeSpan.FromSeconds(20), cancellation);
        await exec.DeleteAsync(cancellation);
    }

    /// <summary>From a running container to nothing.</summary>
    internal static async Task EndAsync(this ShimSession session, CancellationToken cancellation)
    {
        await session.KillAsync(cancellation: cancellation);
        await session.WaitForExitEventAsync(cancellation);
        await session.DeleteAsync(cancellation);
        await session.ShutdownAsync(cancellation);
    }
}
