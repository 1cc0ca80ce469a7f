using ShimStack.Api.Types;
using ShimStack.Supervisor.Tasks;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Restart;

/// <summary>What there is of a container's task.</summary>
internal enum RunState
{
    /// <summary>Nothing: its id is free.</summary>
    None,

    /// <summary>A client has made it, and may start it.</summary>
    Created,

    /// <summary>We have made it, and have not come to start it.</summary>
    CreatedByPolicy,

    /// <summary>It runs, or is paused.</summary>
    Runs,

    /// <summary>It has ended, and can be deleted.</summary>
    Ended,
}

/// <summary>A container's task as its shim has it: events and records tell when to look, and this is what is seen.</summary>
/// <param name="State">See there.</param>
/// <param name="Task">Null for <see cref="RunState.None"/>.</param>
/// <param name="Process">What the shim says; null for <see cref="RunState.None"/>.</param>
internal readonly record struct RunView(RunState State, SupervisedTask? Task, Process? Process)
{
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(30);

    /// <summary>Waits until the fate of the task's shim is known.</summary>
    /// <exception cref="RpcException">The shim lives, and does not say.</exception>
    public static async Task<RunView> OfAsync(TaskTable tasks, TaskQueries queries, string nameSpace, string id, CancellationToken cancellation)
    {
        if (tasks.Find(nameSpace, id) is not SupervisedTask task)
        {
            return default;
        }

        try
        {
            Process process = await queries.GetAsync(task, "", cancellation);
            return new RunView(StateOf(task, process), task, process);
        }
        catch (RpcException e) when (e.Code == RpcCode.NotFound)
        {
            // Whoever cleans up is under way, and the id is free when that is done.
            await ((Task)task.LostExit).WaitAsync(CleanUpLimit, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return default;
        }
    }

    private static RunState StateOf(SupervisedTask task, Process process) => process.Status switch
    {
        Status.Created => task.Bundle.IsRestart ? RunState.CreatedByPolicy : RunState.Created,
        Status.Stopped => RunState.Ended,
        _ => RunState.Runs,
    };
}
