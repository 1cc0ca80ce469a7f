using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Task;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tasks;

/// <summary>Pause and Resume. Contract chapter 3.15.</summary>
internal sealed class TaskFreeze(TaskParts parts)
{
    public async ValueTask<Empty> PauseAsync(PauseRequest request, ServerCallContext call)
    {
        ContainerTask task = parts.Tasks.Get(request.Id);
        using ProcessGate.Turn turn = await task.Init.Gate.EnterAsync("Pause", call.Cancellation);
        task.Init.Require(ProcessOperation.Pause);
        task.Init.IsPausing = true;
        try
        {
            await task.WhileItRunsAsync(cut => task.Runtime.PauseAsync(task.Id, cut), parts.Time, call.Cancellation);
            task.Init.MarkPaused();
        }
        finally
        {
            task.Init.IsPausing = false;
        }

        parts.Events.Paused(task);
        return new Empty();
    }

    public async ValueTask<Empty> ResumeAsync(ResumeRequest request, ServerCallContext call)
    {
        ContainerTask task = parts.Tasks.Get(request.Id);
        using ProcessGate.Turn turn = await task.Init.Gate.EnterAsync("Resume", call.Cancellation);
        task.Init.Require(ProcessOperation.Resume);
        await task.WhileItRunsAsync(cut => task.Runtime.ResumeAsync(task.Id, cut), parts.Time, call.Cancellation);
        task.Init.MarkResumed();
        parts.Events.Resumed(task);
        return new Empty();
    }
}
