using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Task;
using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tasks;

/// <summary>Kill: a signal to a container through its runtime, or to an exec directly. Contract chapter 3.8.</summary>
internal sealed class ProcessKill(TaskParts parts)
{
    public async ValueTask<Empty> KillAsync(KillRequest request, ServerCallContext call)
    {
        ContainerTask task = parts.Tasks.Get(request.Id);
        TaskProcess process = task.Process(request.ExecId);
        RequireUnfinished(process, request.All);
        using ProcessGate.Turn turn = await process.Gate.EnterAsync(call.Cancellation);
        RequireUnfinished(process, request.All);
        if (ReferenceEquals(process, task.Init))
        {
            await task.Runtime.KillAsync(task.Id, request.Signal, request.All, call.Cancellation);
        }
        else
        {
            KillExec(process, request.Signal);
        }

        return new Empty();
    }

    // Known without the runtime, and before Delete gives the gate free: a daemon that stops a container while it deletes it closes the connection after
    // Delete, and takes a Kill that is not answered by then for a failure. Of a stopped container others than its init may live.
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

        try
        {
            ProcessSignals.Send(exec.Pid, (int)signal);
        }
        catch (SyscallException e) when (e.Errno == Errno.ESRCH)
        {
            throw new RpcException(RpcCode.NotFound, "exec kill error: process already finished", e);
        }
        catch (SyscallException e)
        {
            throw new RpcException(RpcCode.Unknown, $"exec kill error: {e.Message}", e);
        }
    }
}
