using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Events;
using ShimStack.Api.Task;
using ShimStack.Native;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Processes;
using ShimStack.Supervisor.Shims;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tasks;

/// <summary>How a task ends: by Delete, by the loss of its shim, or because it could not be made. Contract chapter 9.6.</summary>
internal sealed class TaskEnd(
    TaskTable tasks, ShimCommand command, EventJournal events, ProcessRecords processes, OrphanExits orphans, TimeProvider time, ILogger<TaskEnd> logger)
{
    private const uint UnknownStatus = 255;
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan UndoLimit = TimeSpan.FromSeconds(5);

    /// <summary>Delete: the shim's, then the shim's own end, then the bundle's.</summary>
    /// <returns>What the shim said of the exit.</returns>
    /// <exception cref="RpcException">The shim refuses; the task stays as it is.</exception>
    public async Task<DeleteResponse> DeleteAsync(SupervisedTask task, CancellationToken cancellation)
    {
        ShimConnection shim = await task.Shim.WaitAsync(cancellation);
        if (!task.TryBeginEnd())
        {
            throw RpcException.NotFound($"task {task.Id} not found: it is being deleted: not found");
        }

        DeleteResponse deleted;
        try
        {
            deleted = await shim.CallAsync(TaskServices.Delete, new DeleteRequest { Id = task.Id }, DeleteResponse.Parser, cancellation);
        }
        catch (Exception)
        {
            task.CancelEnd();
            if (shim.Closed.IsCompleted)
            {
                await ShimLostAsync(task); // it came while the end was ours
            }

            throw;
        }

        await CloseShimAsync(task, shim);
        await command.DeleteAsync(task.Bundle, task.Binary);
        await processes.ForgetContainerAsync(task.Namespace, task.Id);
        Forget(task);
        task.Lost(deleted);
        return deleted;
    }

    /// <summary>The shim is gone: its container is cleaned up, and its end told. Nothing happens to a task whose end has begun.</summary>
    public async Task ShimLostAsync(SupervisedTask task)
    {
        if (!task.TryBeginEnd())
        {
            return;
        }

        logger.ShimLost(task.Namespace, task.Id);
        DeleteResponse? left = await command.DeleteAsync(task.Bundle, task.Binary);
        DeleteResponse exit = await WithTruthAsync(task, left ?? new DeleteResponse { ExitStatus = UnknownStatus, ExitedAt = Timestamp.FromDateTimeOffset(time.GetUtcNow()) });
        await events.PublishAsync(task.Namespace, Topics.TaskExit, TypeUrls.TaskExit, new TaskExit
        {
            ContainerId = task.Id,
            Id = task.Id,
            Pid = exit.Pid,
            ExitStatus = exit.ExitStatus,
            ExitedAt = exit.ExitedAt,
        });
        await events.PublishLossAsync(task.Namespace, new TaskDelete
        {
            ContainerId = task.Id,
            Pid = exit.Pid,
            ExitStatus = exit.ExitStatus,
            ExitedAt = exit.ExitedAt,
        });
        Forget(task);
        task.Lost(exit);
    }

    /// <summary>A task that could not be made: nothing of it stays.</summary>
    public async Task UndoCreateAsync(SupervisedTask task, ShimConnection? shim)
    {
        if (!task.TryBeginEnd())
        {
            return;
        }

        if (shim is not null)
        {
            using CancellationTokenSource limit = new(UndoLimit);
            await TryCallAsync(task, shim, TaskServices.Delete, new DeleteRequest { Id = task.Id }, limit.Token);
            await CloseShimAsync(task, shim);
        }

        await command.DeleteAsync(task.Bundle, task.Binary);
        Forget(task);
        task.Lost();
    }

    // What was told before stays. Who reaped the container knows better than the action that cleans up after it, which can only say 137.
    private async Task<DeleteResponse> WithTruthAsync(SupervisedTask task, DeleteResponse left)
    {
        if (await processes.FindAsync(task.Namespace, task.Id, "") is { ExitStatus: uint status } known)
        {
            return new DeleteResponse { Pid = known.Pid, ExitStatus = status, ExitedAt = known.ExitedAt };
        }

        if (orphans.Find((int)left.Pid) is OrphanExit exit && exit.At >= task.Since)
        {
            (left.ExitStatus, left.ExitedAt) = ((uint)exit.Status, Timestamp.FromDateTimeOffset(exit.At));
        }

        return left;
    }

    private async Task CloseShimAsync(SupervisedTask task, ShimConnection shim)
    {
        using CancellationTokenSource limit = new(ShutdownLimit);
        await TryCallAsync(task, shim, TaskServices.Shutdown, new ShutdownRequest { Id = task.Id }, limit.Token);
        await shim.DisposeAsync();
    }

    private async Task TryCallAsync<T>(SupervisedTask task, ShimConnection shim, string method, T request, CancellationToken cancellation)
        where T : Google.Protobuf.IMessage<T>
    {
        try
        {
            await shim.CallAsync(method, request, cancellation);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            logger.LastCallFailed(method, task.Namespace, task.Id, e.Message);
        }
    }

    private void Forget(SupervisedTask task)
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
}
