using Microsoft.Extensions.Logging;
using ShimStack.Shim.Events;
using ShimStack.Shim.Loop;
using ShimStack.Shim.Tasks;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Parking;

/// <summary>What only the runtime knows of containers that were taken over: whether one that was about to be started has been.</summary>
internal sealed class AdoptedTasks(TaskTable tasks, TaskEvents events, Background background, ILogger logger)
{
    /// <summary>Asks, beside everything else: whoever wants to change such a container waits for the answer, and nobody else.</summary>
    public void Resume()
    {
        foreach (ContainerTask task in tasks.All)
        {
            if (task is { Init: { State: ProcessState.Created, Pid: > 0 }, InitReaped: false })
            {
                background.Run("start of an adopted container", () => AskAsync(task));
            }
        }
    }

    private async Task AskAsync(ContainerTask task)
    {
        using ProcessGate.Turn turn = await task.Init.Gate.EnterAsync("adoption", CancellationToken.None);
        using ProcessGate.Turn beforeExit = await task.Init.ExitGate.EnterAsync("adoption", CancellationToken.None);
        try
        {
            if (await task.Runtime.IsStartedAsync(task.Id, CancellationToken.None))
            {
                task.Init.MarkStarted();
                events.Started(task);
            }
        }
        catch (RpcException e)
        {
            logger.StartUnclear(task.Id, e.Message);
        }
    }
}
