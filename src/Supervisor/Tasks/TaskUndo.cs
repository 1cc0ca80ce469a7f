using System.Net.Sockets;
using ShimStack.Api.Task;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Shims;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tasks;

/// <summary>A task that could not be made: nothing of it stays, and nothing is told.</summary>
internal sealed class TaskUndo(TaskRemoval removal, SupervisorSettings settings, ILogger<TaskUndo> logger)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Undoes what there is, in less than half a minute.</summary>
    /// <param name="task">The task.</param>
    /// <param name="shim">Its shim; null if there is no connection to one.</param>
    public Task UndoAsync(SupervisedTask task, ShimConnection? shim) => task.TryEndAsync(() => EndAsync(task, shim), CancellationToken.None);

    private async Task EndAsync(SupervisedTask task, ShimConnection? shim)
    {
        removal.GiveUp(task);
        shim ??= await FindAsync(task);
        if (shim is not null)
        {
            await removal.TryCallAsync(task, shim, TaskServices.Delete, new DeleteRequest { Id = task.Id }, Limit);
            await removal.CloseAsync(task, shim);
        }

        await removal.CleanUpAsync(task);
        removal.Forget(task);
        task.Lost();
    }

    // A start that was killed may have left a server: nobody would ever speak to it. One of a group that has other containers stays.
    private async Task<ShimConnection?> FindAsync(SupervisedTask task)
    {
        using CancellationTokenSource end = new(Limit);
        try
        {
            ShimAddress address = task.Bundle.ReadAddress() ?? ShimSocket.Guess(task.Bundle, settings.Address);
            return await ShimConnection.OpenAsync(address, task.Bundle, logger, end.Token);
        }
        catch (Exception e) when (e is SocketException or RpcException or IOException or OperationCanceledException)
        {
            return null; // there is none, which is the usual case
        }
    }
}
