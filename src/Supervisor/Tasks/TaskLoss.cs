using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Events;
using ShimStack.Api.Task;
using ShimStack.Native.Processes;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Processes;
using ShimStack.Supervisor.Shims;

namespace ShimStack.Supervisor.Tasks;

/// <summary>The shim is gone: its container is cleaned up, and its end told. Contract chapter 9.6.</summary>
internal sealed class TaskLoss(
    TaskRemoval removal, EventJournal events, ProcessRecords processes, OrphanExits orphans, TimeProvider time, ILogger<TaskLoss> logger)
{
    private const uint UnknownStatus = 255;

    /// <summary>Ends the task; nothing happens to one that has ended.</summary>
    /// <exception cref="Exception">It could not be told: the task stays, to be tried again.</exception>
    public Task BuryAsync(SupervisedTask task) => task.TryEndAsync(() => EndAsync(task), CancellationToken.None);

    /// <summary>Tells the end of a task of which nothing is left, as after a boot, if events have told of it and not of its end.</summary>
    public async Task TellAsync(string nameSpace, string id)
    {
        if (await processes.FindAsync(nameSpace, id, "") is { } known)
        {
            DeleteResponse exit = new()
            {
                Pid = known.Pid,
                ExitStatus = known.ExitStatus ?? UnknownStatus,
                ExitedAt = known.ExitedAt ?? Timestamp.FromDateTimeOffset(time.GetUtcNow()),
            };
            await TellAsync(nameSpace, id, exit);
        }
    }

    private async Task EndAsync(SupervisedTask task)
    {
        logger.ShimLost(task.Namespace, task.Id);
        DeleteResponse? left = await removal.CleanUpAsync(task);
        if (left is null)
        {
            await KillInitAsync(task);
        }

        DeleteResponse exit = await WithTruthAsync(
            task, left ?? new DeleteResponse { ExitStatus = UnknownStatus, ExitedAt = Timestamp.FromDateTimeOffset(time.GetUtcNow()) });
        await TellAsync(task.Namespace, task.Id, exit);
        removal.Forget(task);
        task.Lost(exit);
    }

    private async Task TellAsync(string nameSpace, string id, DeleteResponse exit)
    {
        await events.PublishAsync(nameSpace, Topics.TaskExit, TypeUrls.TaskExit, new TaskExit
        {
            ContainerId = id,
            Id = id,
            Pid = exit.Pid,
            ExitStatus = exit.ExitStatus,
            ExitedAt = exit.ExitedAt,
        });
        await events.PublishLossAsync(nameSpace, new TaskDelete
        {
            ContainerId = id,
            Pid = exit.Pid,
            ExitStatus = exit.ExitStatus,
            ExitedAt = exit.ExitedAt,
        });
    }

    // Nobody else would: its shim is gone, and the action that cleans up has failed or taken too long. A child of ours that is not reaped has its pid.
    private async Task KillInitAsync(SupervisedTask task)
    {
        ProcessRecord? init = await processes.FindAsync(task.Namespace, task.Id, "");
        if (init is { Pid: > 0, ExitStatus: null } && ChildWait.IsChild((int)init.Pid))
        {
            ProcessSignals.Send((int)init.Pid, (int)Signal.SIGKILL);
            logger.InitKilled(task.Namespace, task.Id, init.Pid);
        }
    }

    // What was told before stays. Who reaped the container knows better than the action that cleans up after it, which can only say 137.
    private async Task<DeleteResponse> WithTruthAsync(SupervisedTask task, DeleteResponse left)
    {
        if (await processes.FindAsync(task.Namespace, task.Id, "") is { ExitStatus: uint status } known)
        {
            return new DeleteResponse { Pid = known.Pid, ExitStatus = status, ExitedAt = known.ExitedAt };
        }

        if (orphans.Find((int)left.Pid) is OrphanExit exit && exit.At >= task.Since)
        {
            (left.ExitStatus, left.ExitedAt) = ((uint)exit.Status, Timestamp.FromDateTimeOffset(exit.At));
        }

        return left;
    }
}
