using Microsoft.Extensions.Logging;
using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Shim.Events;
using ShimStack.Shim.Exits;
using ShimStack.Shim.Loop;
using ShimStack.Shim.Reaping;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tasks;

/// <summary>
/// Where an exit goes: from the reaper to the disk, to the process's state, to everybody who waits, and to the daemon, in the order of
/// contract chapter 3.6. Start is announced before exit (both hold the process's exit gate), execs end before their init.
/// </summary>
internal sealed class ExitHandler(TaskEvents events, ExitRecorder recorder, Background background, TimeProvider time, ILogger logger)
{
    private const uint SIGKILL = 9;

    // Pauses of 1, 2, 4 … ms until the last output is read, 127 ms in all: what nobody notices.
    private const int LongestPause = 64;

    // What hangs longer is done without the runtime: nobody is told of the init's end before.
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(5);

    /// <summary>Handles the exit of a container's init when it comes.</summary>
    public void FollowInit(ContainerTask task, Task<ReapedExit> exit) =>
        background.Run("exit of init", async () => await InitExitedAsync(task, await exit));

    /// <summary>Handles the exit of an exec when it comes.</summary>
    public void FollowExec(ContainerTask task, TaskProcess exec, Task<ReapedExit> exit) =>
        background.Run("exit of exec", async () => await ExecExitedAsync(task, exec, await exit));

    /// <summary>Goes on with the exits of a container that was picked up; whoever ended meanwhile is reaped by the caller next.</summary>
    public void Resume(ContainerTask task, Reaper reaper)
    {
        if (task.InitReaped && task.Init.Exit is null)
        {
            background.Run("exit of init", () => InitEndedAsync(task));
        }
        else if (task.Init is { Exit: null, Pid: > 0 })
        {
            FollowInit(task, reaper.ExitOf(task.Init.Pid));
        }

        foreach (TaskProcess exec in task.Execs.Values)
        {
            if (exec.State == ProcessState.Running)
            {
                FollowExec(task, exec, reaper.ExitOf(exec.Pid));
            }
        }
    }

    private Task InitExitedAsync(ContainerTask task, ReapedExit reaped)
    {
        task.ReapedInit = StatusOf(reaped);

        // Now and not only at the end: whoever manages the cgroup may remove it as soon as it is empty.
        task.OomWatch?.Look();
        recorder.Record(task, task.Init, task.ReapedInit);
        return InitEndedAsync(task);
    }

    private async Task InitEndedAsync(ContainerTask task)
    {
        task.Init.Stdio?.ProcessEnded();
        if (!SpecFile.HasPrivatePidNamespace(task.Bundle))
        {
            await KillTheOthersAsync(task);
        }

        if (task.Init.State == ProcessState.Paused)
        {
            await ThawAsync(task);
        }

        await task.ExecsEndedAsync();
        await OutputReadAsync(task.Init);
        await AnnounceAsync(task, task.Init, task.ReapedInit!);
    }

    private async Task ExecExitedAsync(ContainerTask task, TaskProcess exec, ReapedExit reaped)
    {
        exec.IsReaped = true;
        ExitStatus exit = StatusOf(reaped);
        recorder.Record(task, exec, exit);
        exec.Stdio?.ProcessEnded();
        await OutputReadAsync(exec);
        await AnnounceAsync(task, exec, exit);
        task.ExecEnded();
    }

    private static ExitStatus StatusOf(ReapedExit reaped) => new((uint)reaped.Status, reaped.At, (uint)reaped.Signal);

    private async Task AnnounceAsync(ContainerTask task, TaskProcess process, ExitStatus exit)
    {
        using ProcessGate.Turn turn = await process.ExitGate.EnterAsync("exit", CancellationToken.None);
        if (ReferenceEquals(process, task.Init))
        {
            task.OomWatch?.End();
        }

        process.MarkExited(exit);
        events.Exited(task, process, exit);
        logger.ProcessExited(task.Id, process.Id, process.Pid, exit.Code);
    }

    // A client may close its streams when it hears of the end, read to their end or not (ctr does): what is on its way to it goes first, for a while.
    private async Task OutputReadAsync(TaskProcess process)
    {
        for (int pause = 1; pause <= LongestPause && process.Stdio is { IsUnderWay: true }; pause *= 2)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(pause), time);
        }
    }

    // What is still frozen could neither end nor be deleted.
    private async Task ThawAsync(ContainerTask task)
    {
        try
        {
            await task.Runtime.ResumeAsync(task.Id, CancellationToken.None);
        }
        catch (RpcException e)
        {
            logger.ThawFailed(task.Id, e.Message);
        }
    }

    private static void KillDirectly(ContainerTask task)
    {
        foreach (int pid in task.Cgroup?.Pids() ?? [])
        {
            try
            {
                ProcessSignals.Send(pid, (int)SIGKILL);
            }
            catch (SyscallException e) when (e.Errno == Errno.ESRCH)
            {
                // It has ended meanwhile.
            }
        }
    }

    // Without a pid namespace of its own nothing ends the rest of the container with its init.
    private async Task KillTheOthersAsync(ContainerTask task)
    {
        using CancellationTokenSource limit = new(KillLimit, time);
        try
        {
            await task.Runtime.KillAsync(task.Id, SIGKILL, all: true, limit.Token);
        }
        catch (OperationCanceledException)
        {
            logger.KillAllFailed(task.Id, $"the runtime took longer than {KillLimit.TotalSeconds} s");
            KillDirectly(task);
        }
        catch (RpcException e) when (e.Code == RpcCode.NotFound)
        {
            // Nobody was left.
        }
        catch (RpcException e)
        {
            logger.KillAllFailed(task.Id, e.Message);
        }
    }
}
