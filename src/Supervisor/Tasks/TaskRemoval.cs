using ShimStack.Api.Task;
using ShimStack.Native;
using ShimStack.Supervisor.Parking;
using ShimStack.Supervisor.Shims;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tasks;

/// <summary>What every end of a task comes to, however it came: its shim ends, what is left of the container goes, and the bundle. Contract chapter 9.6.</summary>
internal sealed class TaskRemoval(TaskTable tasks, ShimCommand command, ShimReplacement replacement, ILogger<TaskRemoval> logger)
{
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(3);

    /// <summary>Asks the shim to end, which it does if it has no other container, and closes the connection.</summary>
    public async Task CloseAsync(SupervisedTask task, ShimConnection shim)
    {
        await TryCallAsync(task, shim, TaskServices.Shutdown, new ShutdownRequest { Id = task.Id }, ShutdownLimit);
        await shim.DisposeAsync();
    }

    /// <summary>Runs the action of the shim's binary that cleans up; what it found out, null if it has failed.</summary>
    public Task<DeleteResponse?> CleanUpAsync(SupervisedTask task)
    {
        GiveUp(task);
        return command.DeleteAsync(task.Bundle, task.Binary);
    }

    /// <summary>From now on nobody takes the place of the task's shim for its sake; a socket of a dead one, which we kept, does not listen any more.</summary>
    public void GiveUp(SupervisedTask task) => replacement.Forget(task);

    /// <summary>Removes the bundle, and the task from the table: its id is free.</summary>
    public void Forget(SupervisedTask task)
    {
        task.Log?.Dispose();
        try
        {
            task.Bundle.Delete();
        }
        catch (Exception e) when (e is SyscallException or IOException or UnauthorizedAccessException)
        {
            logger.BundleStays(task.Bundle.Path, e.Message);
        }

        tasks.Remove(task);
    }

    /// <summary>A call whose failure changes nothing.</summary>
    public async Task TryCallAsync<T>(SupervisedTask task, ShimConnection shim, string method, T request, TimeSpan limit)
        where T : Google.Protobuf.IMessage<T>
    {
        using CancellationTokenSource end = new(limit);
        try
        {
            await shim.CallAsync(method, request, end.Token);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            logger.LastCallFailed(method, task.Namespace, task.Id, e.Message);
        }
    }
}
