using ShimStack.Api.Task;
using ShimStack.Shim.Cgroups;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.Stdio;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tasks;

/// <summary>Start: of a created container, or of an exec. Contract chapter 3.4.</summary>
internal sealed class ProcessStart(TaskParts parts)
{
    // A daemon that is killed takes its connection with it. A runtime that is killed for that in the middle of a start leaves a container that runs
    // and can never be started, or an exec that has begun and counts as never run: so it may come to its end first, and only one that hangs is killed.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    public async ValueTask<StartResponse> StartAsync(StartRequest request, ServerCallContext call)
    {
        ContainerTask task = parts.Tasks.Get(request.Id);
        TaskProcess process = task.Process(request.ExecId);
        using ProcessGate.Turn turn = await process.Gate.EnterAsync("Start", call.Cancellation);
        using ProcessGate.Turn beforeExit = await process.ExitGate.EnterAsync("Start", call.Cancellation);
        using CancellationTokenSource cut = new(Timeout.InfiniteTimeSpan, parts.Time);
        using CancellationTokenRegistration gone = call.Cancellation.Register(() => cut.CancelAfter(Grace));
        if (ReferenceEquals(process, task.Init))
        {
            await StartInitAsync(task, cut.Token);
        }
        else
        {
            await StartExecAsync(task, process, cut.Token);
        }

        return new StartResponse { Pid = (uint)process.Pid };
    }

    private async Task StartInitAsync(ContainerTask task, CancellationToken cancellation)
    {
        task.Init.Require(ProcessOperation.Start);
        if (task.Checkpoint is RestoreSource source)
        {
            await RestoreAsync(task, source, cancellation);
            return;
        }

        await task.Runtime.StartAsync(task.Id, cancellation);
        task.Init.MarkStarted();
        parts.Events.Started(task);
        parts.Parking?.Park(task, task.Init);
    }

    private async Task RestoreAsync(ContainerTask task, RestoreSource source, CancellationToken cancellation)
    {
        string pidFile = Path.Join(task.Bundle, ContainerTask.PidFileName);
        LaunchedProcess launched = await parts.Launcher.LaunchAsync(
            StreamsOf(task, task.Init),
            pidFile,
            (console, streams) => task.Runtime.RestoreAsync(new CreateCommand(task.Id, task.Bundle, pidFile, console, streams), source, cancellation),
            cancellation);
        task.Init.Attach(launched.Pid, launched.Stdio);
        task.Cgroup = ContainerCgroup.Of(launched.Pid);
        task.Init.MarkStarted();
        parts.Events.Started(task);
        await parts.Cgroups.EnterAsync(task);
        parts.Exits.FollowInit(task, launched.Exit);
        parts.Parking?.Park(task, task.Init);
    }

    private async Task StartExecAsync(ContainerTask task, TaskProcess exec, CancellationToken cancellation)
    {
        if (task.InitReaped)
        {
            throw RpcException.FailedPrecondition($"container {task.Id} init process is not running");
        }

        exec.Require(ProcessOperation.Start);
        task.ExecBegins();
        try
        {
            LaunchedProcess launched = await task.WhileItRunsAsync(cut => LaunchAsync(task, exec, cut), parts.Time, cancellation);
            exec.Attach(launched.Pid, launched.Stdio);
            exec.Spec = default;
            exec.MarkStarted();
            parts.Events.ExecStarted(task, exec);
            parts.Exits.FollowExec(task, exec, launched.Exit);
            parts.Parking?.Park(task, exec);
        }
        catch
        {
            // It never ran: whoever waits for it is let go, and no second start is possible.
            exec.MarkExited(new ExitStatus(ExitStatus.Unknown, parts.Time.GetUtcNow()));
            task.ExecEnded();
            parts.Parking?.Changed(task, exec);
            throw;
        }
    }

    private Task<LaunchedProcess> LaunchAsync(ContainerTask task, TaskProcess exec, CancellationToken cancellation)
    {
        string pidFile = ExecPidFile(task, exec);
        return parts.Launcher.LaunchAsync(
            StreamsOf(task, exec),
            pidFile,
            (console, streams) => task.Runtime.ExecAsync(new ExecCommand(task.Id, pidFile, exec.Spec, console, streams), cancellation),
            cancellation);
    }

    private static StreamRequest StreamsOf(ContainerTask task, TaskProcess process) =>
        new(process.Paths, new StreamOwner(task.Options.IoUid, task.Options.IoGid), process.Id) { Work = ContainerTask.WorkOf(task.Bundle) };

    /// <summary>Where the runtime writes the pid of <paramref name="exec"/>.</summary>
    public static string ExecPidFile(ContainerTask task, TaskProcess exec) => Path.Join(task.Bundle, $"{exec.Id}.pid");
}
