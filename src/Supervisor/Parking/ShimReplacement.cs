using System.Net.Sockets;
using ShimStack.Api.Task;
using ShimStack.Native;
using ShimStack.Supervisor.Shims;
using ShimStack.Supervisor.Tasks;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Parking;

/// <summary>From a task whose shim's connection is gone to a connection that serves it, if there is any way to one.</summary>
internal sealed class ShimReplacement(ParkedShims parked, ShimAdoption adoption, ILogger<ShimReplacement> logger)
{
    /// <summary>Whether another process can take the place of the task's shim, so that calls about it have something to wait for.</summary>
    public bool IsPossible(SupervisedTask task) => Find(task.Bundle) is not null;

    /// <summary>Makes sure that the shim of a task is not a dead one whose socket is still ours. Nothing happens for one that leaves nothing with us.</summary>
    public async Task ReviveAsync(Bundle bundle, string binary)
    {
        if (Find(bundle) is ParkedShim shim)
        {
            await adoption.ReviveAsync(shim, bundle, binary);
        }
    }

    /// <summary>A shim that has the task: the one it had, or the one that has taken its place; null if there is none.</summary>
    public async Task<ShimConnection?> TryAsync(SupervisedTask task)
    {
        if (Find(task.Bundle) is not ParkedShim shim)
        {
            return null;
        }

        if (!shim.Process.IsEnding)
        {
            logger.ConnectionBroke(task.Namespace, task.Id);
        }

        return await adoption.ReviveAsync(shim, task.Bundle, task.Binary) ? await TryConnectAsync(task) : null;
    }

    /// <summary>What the shim of a task has left for it is not needed any more.</summary>
    public void Forget(SupervisedTask task)
    {
        if (SocketOf(task.Bundle) is string socket)
        {
            parked.RemoveTask(socket, task.Id);
        }
    }

    private ParkedShim? Find(Bundle bundle) => SocketOf(bundle) is string socket ? parked.Find(socket) : null;

    private static string? SocketOf(Bundle bundle)
    {
        try
        {
            return bundle.ReadAddress()?.SocketPath;
        }
        catch (Exception e) when (e is RpcException or IOException or UnauthorizedAccessException)
        {
            return null; // no bundle, or a shim of a kind that is not spoken to
        }
    }

    private async Task<ShimConnection?> TryConnectAsync(SupervisedTask task)
    {
        ShimConnection? shim = null;
        try
        {
            shim = await ShimConnection.OpenAsync(task.Bundle.ReadAddress()!, task.Bundle, logger, CancellationToken.None);
            await shim.CallAsync(TaskServices.State, new StateRequest { Id = task.Id }, StateResponse.Parser, CancellationToken.None);
            return shim;
        }
        catch (Exception e) when (e is SocketException or RpcException or SyscallException)
        {
            logger.TaskNotTaken(task.Namespace, task.Id, e.Message);
            await (shim?.DisposeAsync() ?? default);
            return null;
        }
    }
}
