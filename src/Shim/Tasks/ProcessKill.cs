using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Task;
using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tasks;

/// <summary>Kill: a signal to a process of ours directly, or to a container through its runtime. Contract chapter 3.8.</summary>
internal sealed class ProcessKill(TaskParts parts)
{
    public async ValueTask<Empty> KillAsync(KillRequest request, ServerCallContext call)
    {
        ContainerTask task = parts.Tasks.Get(request.Id);
        TaskProcess process = task.Process(request.ExecId);
        RequireUnfinished(process, request.All);
        if (ReferenceEquals(process, task.Init) && request.Signal == (uint)Signal.SIGKILL && IsDirect(task, request))
        {
            // Not behind what hangs in the runtime, a start or another kill: this may be what it is sent for.
            Send(process, request.Signal, "");
            return new Empty();
        }

        using ProcessGate.Turn turn = await process.Gate.EnterAsync("Kill", call.Cancellation);
        RequireUnfinished(process, request.All);
        if (ReferenceEquals(process, task.Init))
        {
            await KillInitAsync(task, request, call.Cancellation);
        }
        else
        {
            KillExec(process, request.Signal);
        }

        return new Empty();
    }

    private async Task KillInitAsync(ContainerTask task, KillRequest request, CancellationToken cancellation)
    {
        if (IsDirect(task, request))
        {
            Send(task.Init, request.Signal, "");
            return;
        }

        try
        {
            await task.WhileItRunsAsync(
                cut => task.Runtime.KillAsync(task.Id, request.Signal, request.All, cut), parts.Time, cancellation);
        }
        catch (RpcException e) when (e.Code != RpcCode.NotFound && ProcessCondition.Of(task.Init.Pid, task.Cgroup) is string condition)
        {
            throw new RpcException(e.Code, $"{e.Message} (init {task.Init.Pid}: {condition})", e);
        }
    }

    private bool IsDirect(ContainerTask task, KillRequest request) => parts.Settings.DirectKill && DirectKill.IsTheSame(task, request);

    // Known without the runtime, and before Delete gives the gate free: a daemon that stops a container while it deletes it closes the
    // connection after Delete, and takes a Kill that is not answered by then for a failure. Of a stopped container others than its init may
    // live.
    private static void RequireUnfinished(TaskProcess process, bool all)
    {
        if (process.State == ProcessState.Deleted || (process.Exit is not null && !all))
        {
            throw RpcException.NotFound("process already finished");
        }
    }

    private static void KillExec(TaskProcess exec, uint signal)
    {
        if (exec.IsReaped || exec.Exit is not null)
        {
            throw RpcException.NotFound("process already finished");
        }

        if (exec.Pid == 0)
        {
            throw RpcException.FailedPrecondition("process not created");
        }

        Send(exec, signal, "exec kill error: ");
    }

    private static void Send(TaskProcess process, uint signal, string prefix)
    {
        try
        {
            ProcessSignals.Send(process.Pid, (int)signal);
        }
        catch (SyscallException e) when (e.Errno == Errno.ESRCH)
        {
            throw new RpcException(RpcCode.NotFound, $"{prefix}process already finished", e);
        }
        catch (SyscallException e)
        {
            throw new RpcException(RpcCode.Unknown, $"{prefix}unknown error after kill: {e.Message}", e);
        }
    }
}
