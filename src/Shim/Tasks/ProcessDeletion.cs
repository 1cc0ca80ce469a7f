using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Task;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Exits;
using ShimStack.Shim.Stdio;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tasks;

/// <summary>Delete: gives a stopped process's things back and forgets it. Contract chapter 3.10.</summary>
internal sealed class ProcessDeletion(TaskParts parts)
{
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(5);

    public async ValueTask<DeleteResponse> DeleteAsync(DeleteRequest request, ServerCallContext call)
    {
        ContainerTask task = parts.Tasks.Get(request.Id);
        TaskProcess process = task.Process(request.ExecId);
        ExitStatus exit = ReferenceEquals(process, task.Init)
            ? await DeleteInitAsync(task, call.Cancellation)
            : await DeleteExecAsync(task, process, call.Cancellation);
        return new DeleteResponse { Pid = (uint)process.Pid, ExitStatus = exit.Code, ExitedAt = exit.At.ToTimestamp() };
    }

    private async Task<ExitStatus> DeleteInitAsync(ContainerTask task, CancellationToken cancellation)
    {
        TaskProcess init = task.Init;
        if (init.State == ProcessState.Created)
        {
            await EndCreatedAsync(task, cancellation);
        }

        using ProcessGate.Turn turn = await init.Gate.EnterAsync("Delete", cancellation);
        init.Require(ProcessOperation.Delete);
        turn.WaitFor("the last of its output");
        await DrainAsync(init);
        turn.WaitFor("the runtime's delete");
        await task.Runtime.DeleteAsync(task.Id, force: false, cancellation);
        await Task.WhenAll(new List<TaskProcess>(task.Processes).ConvertAll(CloseAsync));
        turn.WaitFor("the unmount of its root filesystem");
        await UnmountAsync(task);
        turn.WaitFor("the daemon to take its exit event");
        await parts.Delivery.SettleAsync(task);
        ExitFiles.RemoveExecs(task.Bundle);
        PodMembers.Forget(task.Bundle, task.Id);
        init.MarkDeleted();
        parts.Tasks.Remove(task);
        DropExecs(task);
        parts.Parking?.Gone(task);
        ExitStatus exit = init.Exit!;
        parts.Events.Deleted(task, exit);
        return exit;
    }

    // The runtime kills the init of a container that was never started. Its exit is announced like any other, so that
    // whoever waits for it learns the truth; only then the rest follows.
    private async Task EndCreatedAsync(ContainerTask task, CancellationToken cancellation)
    {
        using (await task.Init.Gate.EnterAsync("Delete", cancellation))
        {
            // Whoever held the gate may have started it, or its exit may have been announced.
            task.Init.Require(ProcessOperation.Delete);
            if (task.Init.State != ProcessState.Created)
            {
                return;
            }

            await task.Runtime.DeleteAsync(task.Id, force: false, cancellation);
            if (task.Init.Pid == 0)
            {
                // Made from a checkpoint and never restored: there was no process.
                task.Init.MarkExited(new ExitStatus(ExitStatus.Unknown, parts.Time.GetUtcNow()));
            }
        }

        if (await Task.WhenAny(task.Init.Exited, Task.Delay(ExitLimit, parts.Time, cancellation)) != task.Init.Exited)
        {
            parts.Logger.InitOutlivedDelete(task.Id, ExitLimit.TotalSeconds);
            throw RpcException.Unknown($"failed to delete task: init of {task.Id} (pid {task.Init.Pid}) has not ended");
        }
    }

    private async Task<ExitStatus> DeleteExecAsync(ContainerTask task, TaskProcess exec, CancellationToken cancellation)
    {
        using ProcessGate.Turn turn = await exec.Gate.EnterAsync("Delete", cancellation);
        exec.Require(ProcessOperation.Delete);
        turn.WaitFor("the last of its output");
        await DrainAsync(exec);
        await CloseAsync(exec);
        Files.TryUnlink(ProcessStart.ExecPidFile(task, exec));
        if (exec.Exit is null)
        {
            // It was never started: whoever waits for it is let go.
            exec.MarkExited(new ExitStatus(ExitStatus.Unknown, parts.Time.GetUtcNow()));
        }

        turn.WaitFor("the daemon to take its exit event");
        await parts.Delivery.SettleAsync(task, exec);
        ExitFiles.Remove(task.Bundle, exec.Id);
        exec.MarkDeleted();
        task.RemoveExec(exec);
        parts.Parking?.Gone(task, exec);
        return exec.Exit!;
    }

    // A background child may hold the pipe open for ever, so the wait for the last byte has an end.
    private async Task DrainAsync(TaskProcess process)
    {
        TimeSpan limit = parts.Settings.DrainLimit;
        Task drained = process.Stdio?.DrainedAsync() ?? Task.CompletedTask;
        if (!drained.IsCompleted && await Task.WhenAny(drained, Task.Delay(limit, parts.Time)) != drained)
        {
            parts.Logger.DrainGaveUp(process.Id, limit.TotalSeconds);
        }
    }

    // What is not with the client by now never will be.
    private Task CloseAsync(TaskProcess process)
    {
        if (process.Stdio?.Undelivered is > 0 and long bytes)
        {
            parts.Tasks.UndeliveredBytes += bytes;
            parts.Logger.OutputUndelivered(bytes, process.Id);
        }

        return process.Stdio?.CloseAsync() ?? Task.CompletedTask;
    }

    private async Task UnmountAsync(ContainerTask task)
    {
        if (!task.RootfsMounted)
        {
            return;
        }

        try
        {
            await parts.Rootfs.UnmountAsync(task.Bundle);
        }
        catch (SyscallException e)
        {
            throw new RpcException(RpcCode.Unknown, $"failed rootfs umount: {e.Message}", e);
        }
    }

    // They vanish with their container; whoever waits for one that never ran is let go.
    private void DropExecs(ContainerTask task)
    {
        foreach (TaskProcess exec in task.Execs.Values)
        {
            if (exec.Exit is null)
            {
                exec.MarkExited(new ExitStatus(ExitStatus.Unknown, parts.Time.GetUtcNow()));
            }
        }
    }
}
