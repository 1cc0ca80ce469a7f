using System.Net.Sockets;
using ShimStack.Supervisor.Parking;
using ShimStack.Supervisor.Shims;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tasks;

/// <summary>Opens connections to shims, and brings their loss to whoever cleans up.</summary>
internal sealed class ShimConnector(ShimLogs logs, ShimReplacement replacement, TaskLoss loss, TimeProvider time, ILogger<ShimConnector> logger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <exception cref="SocketException">Nobody listens.</exception>
    /// <exception cref="RpcException">Unimplemented: the address is of a kind that is not known here.</exception>
    public Task<ShimConnection> OpenAsync(ShimAddress address, Bundle bundle, CancellationToken cancellation) =>
        ShimConnection.OpenAsync(address, bundle, logger, cancellation);

    /// <summary>Reads what the shim will say: before it is started, since one that finds no reader says nothing.</summary>
    public void FollowLog(SupervisedTask task) => task.Log = logs.Follow(task.Bundle);

    /// <summary>From now on calls about the task go to this shim. Its loss is the task's end, unless another process can take its place.</summary>
    public void Attach(SupervisedTask task, ShimConnection shim)
    {
        task.Connected(shim);
        _ = WatchAsync(task, shim);
    }

    private async Task WatchAsync(SupervisedTask task, ShimConnection shim)
    {
        await shim.Closed; // never fails
        if (await TryReplaceAsync(task, shim) is ShimConnection next)
        {
            Attach(task, next);
            return;
        }

        while (!await TryEndAsync(task))
        {
            await Task.Delay(RetryAfter, time); // a full disk, most likely: an exit is not lost for that
        }
    }

    private async Task<ShimConnection?> TryReplaceAsync(SupervisedTask task, ShimConnection gone)
    {
        if (!await replacement.IsPossibleAsync(task))
        {
            return null;
        }

        _ = task.After(gone);
        ShimConnection? next = null;
        try
        {
            await task.TryInTurnAsync(async () => next = await replacement.TryAsync(task));
        }
        catch (Exception e)
        {
            logger.ReplacementFailed(task.Namespace, task.Id, e);
        }

        return next;
    }

    private async Task<bool> TryEndAsync(SupervisedTask task)
    {
        try
        {
            await loss.BuryAsync(task);
            return true;
        }
        catch (Exception e)
        {
            logger.TaskEndFailed(task.Namespace, task.Id, e);
            return false;
        }
    }
}
