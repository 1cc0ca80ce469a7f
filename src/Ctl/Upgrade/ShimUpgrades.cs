using System.Net.Sockets;
using ShimStack.Api.Control;
using ShimStack.Ctl.Shims;
using ShimStack.Ttrpc;

namespace ShimStack.Ctl.Upgrade;

/// <summary>Has shims replaced by another build of theirs, several at once, and learns from the build that serves then what came of it.</summary>
/// <param name="path">The build; empty for the one that is installed where each shim was started.</param>
/// <param name="limit">How long each waits for what it is doing.</param>
internal sealed class ShimUpgrades(string path, TimeSpan limit)
{
    /// <summary>Upgrades all; each outcome is told as soon as it is known.</summary>
    /// <returns>How many were not upgraded.</returns>
    public async Task<int> RunAsync(IEnumerable<RunningShim> shims, int parallel, Action<ShimUpgradeOutcome> tell, CancellationToken cancellation)
    {
        Lock telling = new();
        int failed = 0;
        ParallelOptions options = new() { MaxDegreeOfParallelism = parallel, CancellationToken = cancellation };
        await Parallel.ForEachAsync(shims, options, async (shim, stop) =>
        {
            ShimUpgradeOutcome outcome = await UpgradeAsync(shim, stop);
            lock (telling)
            {
                failed += outcome.Upgrade.Failure.Length > 0 ? 1 : 0;
                tell(outcome);
            }
        });
        return failed;
    }

    private async Task<ShimUpgradeOutcome> UpgradeAsync(RunningShim shim, CancellationToken cancellation)
    {
        try
        {
            await using ShimPeer peer = await ShimPeer.ConnectAsync(shim.Socket, cancellation);
            return new ShimUpgradeOutcome(shim, (await peer.UpgradeAsync(path, limit, cancellation)).Upgrade);
        }
        catch (SocketException e)
        {
            return Failed(shim, $"{shim.Socket}: {e.Message}");
        }
        catch (RpcException e)
        {
            return Failed(shim, e.Code switch
            {
                RpcCode.Unimplemented => "it is a shim of another make, or of a version that cannot be upgraded in place: its next container gets the new one",
                RpcCode.Unavailable => $"the connection was lost: {e.Message}; pid {shim.Pid} {(Directory.Exists($"/proc/{shim.Pid}") ? "still runs" : "has ended")}",
                _ => e.Message,
            });
        }
    }

    private static ShimUpgradeOutcome Failed(RunningShim shim, string reason) => new(shim, new UpgradeStatus { Failure = reason });
}

/// <summary>What came of the upgrade of one shim.</summary>
internal sealed record ShimUpgradeOutcome(RunningShim Shim, UpgradeStatus Upgrade);
