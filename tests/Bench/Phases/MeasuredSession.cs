using ShimStack.ShimDriver.Bundles;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench.Phases;

/// <summary>A session around one measurement.</summary>
internal static class MeasuredSession
{
    private static readonly SessionOptions Options = new() { KeepsOutput = false };

    /// <summary>Makes a session, measures, and removes it. A failure tells what the shim had logged until then.</summary>
    internal static async Task RunAsync(DaemonSide daemon, ShimUnderTest shim, BundleSpec spec, Func<ShimSession, Task> measure)
    {
        await using var session = new ShimSession(daemon, shim, spec, Options);
        try
        {
            await measure(session);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new InvalidOperationException($"{shim.Name}, {session.Id}: {e.Message}\nits log:\n{session.Bundle.Log.Text}", e);
        }
    }
}
