using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Task;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tasks;

/// <summary>Update: new limits for a container. Contract chapter 3.16.</summary>
internal sealed class TaskUpdate(TaskParts parts)
{
    public async ValueTask<Empty> UpdateAsync(UpdateTaskRequest request, ServerCallContext call)
    {
        ContainerTask task = parts.Tasks.Get(request.Id);
        if (request.Resources is not { Value.IsEmpty: false })
        {
            throw RpcException.Unknown("the update brings no resources: unexpected end of JSON input");
        }

        using ProcessGate.Turn turn = await task.Init.Gate.EnterAsync("Update", call.Cancellation);
        task.Init.Require(ProcessOperation.Update);
        await task.WhileItRunsAsync(
            cut => task.Runtime.UpdateAsync(task.Id, request.Resources.Value.Memory, cut), parts.Time, call.Cancellation);
        return new Empty();
    }
}
