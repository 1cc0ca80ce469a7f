using ShimStack.Api;
using ShimStack.Api.Events;
using ShimStack.Api.Task;
using ShimStack.Api.Types;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Shims;
using ShimStack.Supervisor.Tasks;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Recovery;

/// <summary>
/// Tells of exits that happened while no daemon was there: what shims give up to send is asked of them, for each process that is on record as
/// running. What the shim itself still sends later is known then, and dropped by the journal.
/// </summary>
internal sealed class ExitReconciliation(EventJournal events)
{
    /// <param name="task">The task.</param>
    /// <param name="shim">Its shim.</param>
    /// <param name="init">What it said of the init process; null if it refused.</param>
    /// <param name="records">What is on record of its processes.</param>
    public async Task TellAsync(SupervisedTask task, ShimConnection shim, StateResponse? init, IReadOnlyList<ProcessRecord> records)
    {
        foreach (ProcessRecord process in records)
        {
            if (process.ExitStatus is not null)
            {
                continue;
            }

            StateResponse? state = process.Exec.Length == 0 ? init : await StateOfAsync(task, shim, process.Exec);
            if (state is { Status: Status.Stopped })
            {
                await TellAsync(task, process, state);
            }
        }
    }

    private Task TellAsync(SupervisedTask task, ProcessRecord process, StateResponse state) => events.PublishAsync(
        task.Namespace,
        Topics.TaskExit,
        TypeUrls.TaskExit,
        new TaskExit
        {
            ContainerId = task.Id,
            Id = process.Exec.Length == 0 ? task.Id : process.Exec,
            Pid = state.Pid,
            ExitStatus = state.ExitStatus,
            ExitedAt = state.ExitedAt,
        });

    private static async Task<StateResponse?> StateOfAsync(SupervisedTask task, ShimConnection shim, string exec)
    {
        StateRequest request = new() { Id = task.Id, ExecId = exec };
        try
        {
            return await shim.CallAsync(TaskServices.State, request, StateResponse.Parser, CancellationToken.None);
        }
        catch (RpcException e) when (e.Code is RpcCode.NotFound or RpcCode.Unavailable)
        {
            return null; // deleted meanwhile, or the shim has just died: then its loss is told
        }
    }
}
