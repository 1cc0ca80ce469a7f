using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Task;
using ShimStack.Shim.Stdio;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tasks;

/// <summary>Exec: notes a further process for a container; nothing runs before its Start. Contract chapter 3.9.</summary>
internal sealed class ExecCreation(TaskParts parts)
{
    public async ValueTask<Empty> ExecAsync(ExecProcessRequest request, ServerCallContext call)
    {
        ContainerTask task = parts.Tasks.Get(request.Id);
        Identifiers.Require("exec id", request.ExecId);
        if (request.ExecId == "init")
        {
            // Its pid file would be the init's.
            throw RpcException.InvalidArgument("exec id init is reserved");
        }

        using ProcessGate.Turn turn = await task.Init.Gate.EnterAsync("Exec", call.Cancellation);
        task.Init.Require(ProcessOperation.Exec);
        if (task.Init.Pid == 0)
        {
            throw RpcException.Unknown("cannot exec in a created state");
        }

        StdioPaths paths = new(request.Stdin, request.Stdout, request.Stderr, request.Terminal);
        TaskProcess exec = new(request.ExecId, paths)
        {
            Spec = ExecSpec.WithTerminal(request.Spec?.Value.Memory ?? default, request.Terminal),
        };
        task.AddExec(exec);
        parts.Events.ExecAdded(task, exec);
        parts.Parking?.Park(task, exec);
        return new Empty();
    }
}
