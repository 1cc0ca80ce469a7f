using System.Diagnostics;
using System.Net.Sockets;
using ShimStack.Api.Task;
using ShimStack.Native;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Parking;
using ShimStack.Supervisor.Shims;
using ShimStack.Supervisor.Tasks;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Recovery;

/// <summary>
/// Finds every task again after a restart. All are in the table before the first call is served, and their shims are asked in parallel beside it:
/// until a shim's fate is known, calls about its task wait, and lists have it.
/// </summary>
internal sealed class TaskRecovery(
    SupervisorSettings settings, TaskScan scan, TaskTable tasks, ShimConnector connector, TaskLoss loss, TaskUndo undo, ProcessRecords processes, ExitReconciliation exits,
    ShimReplacement replacement, RecoveryTime took, TimeProvider time, ILogger<TaskRecovery> logger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Puts all tasks in the table, and begins to ask for their shims.</summary>
    /// <returns>Ends when the fate of each is known. Never fails.</returns>
    public async Task<Task> BeginAsync()
    {
        long began = Stopwatch.GetTimestamp();
        List<Task> fates = [];
        List<Bundle> bundles = scan.Bundles();
        RecoveryHeap.HoldFor(bundles.Count, time);

        // Of all at once. What shims tell in the meantime is news to these, but not to the journal, which drops what is told twice.
        ILookup<(string, string), ProcessRecord> records = await processes.AllAsync();
        foreach ((SupervisedTask task, FoundTask found) in await scan.FindAsync(bundles))
        {
            tasks.Add(task);
            connector.FollowLog(task);
            IReadOnlyList<ProcessRecord> known = [.. records[(task.Namespace, task.Id)]];
            foreach (ProcessRecord process in known)
            {
                if (process is { Pid: > 0, ExitStatus: null })
                {
                    replacement.HoldEarly(process.Pid);
                }
            }

            fates.Add(Task.Factory.StartNew(
                () => UntilRecoveredAsync(task, found, known), CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Default).Unwrap());
        }

        return TellWhenDoneAsync(fates, began);
    }

    private async Task TellWhenDoneAsync(List<Task> fates, long began)
    {
        await Task.WhenAll(fates);
        took.Duration = Stopwatch.GetElapsedTime(began);
        logger.AllRecovered(fates.Count, (long)took.Duration.TotalMilliseconds);
    }

    private async Task UntilRecoveredAsync(SupervisedTask task, FoundTask found, IReadOnlyList<ProcessRecord> records)
    {
        while (!await TryRecoverAsync(task, found, records))
        {
            await Task.Delay(RetryAfter, time); // a full disk, most likely; calls about the task wait as long
        }
    }

    private async Task<bool> TryRecoverAsync(SupervisedTask task, FoundTask found, IReadOnlyList<ProcessRecord> records)
    {
        ShimConnection? shim = null;
        try
        {
            await replacement.ReviveAsync(task); // nobody answers on a socket that the daemon before kept for a dead one
            (ShimAnswer answer, shim, StateResponse? state) = await AskAsync(task, found.Address ?? ShimSocket.Guess(found.Bundle, settings.Address));
            if (answer == ShimAnswer.Dead && await replacement.IsDueAsync(task))
            {
                return false; // it died while it was asked, and another process may take its place
            }

            if (answer == ShimAnswer.Dead)
            {
                records = await processes.OfContainerAsync(task.Namespace, task.Id); // its last words, come since then, decide
            }

            bool isKnown = records.Any(process => process.Exec.Length == 0);
            RecoveryStep step = RecoveryDecision.For(found.Address is not null, answer, isKnown);
            logger.Recovered(answer == ShimAnswer.HasTask ? LogLevel.Debug : LogLevel.Information, task.Namespace, task.Id, answer, step);
            await DoAsync(step, task, shim, state, records);
            return true;
        }
        catch (Exception e)
        {
            logger.RecoveryFailed(task.Namespace, task.Id, e);
            await (shim?.DisposeAsync() ?? default);
            return false;
        }
    }

    private async Task DoAsync(RecoveryStep step, SupervisedTask task, ShimConnection? shim, StateResponse? state, IReadOnlyList<ProcessRecord> records)
    {
        switch (step)
        {
            case RecoveryStep.Adopt:
                await exits.TellAsync(task, shim!, state, records);
                connector.Attach(task, shim!);
                break;
            case RecoveryStep.Bury:
                await loss.BuryAsync(task);
                break;
            default:
                await undo.UndoAsync(task, shim);
                break;
        }
    }

    // No limit: a shim that is stopped or busy answers when it can, and its death closes the connection.
    private async Task<(ShimAnswer Answer, ShimConnection? Shim, StateResponse? State)> AskAsync(SupervisedTask task, ShimAddress? address)
    {
        ShimConnection? shim = address is null ? null : await TryConnectAsync(task, address);
        if (shim is null)
        {
            return (ShimAnswer.Dead, null, null);
        }

        try
        {
            StateRequest request = new() { Id = task.Id };
            StateResponse state = await replacement.AnswerAsync(
                task, shim, () => shim.CallAsync(TaskServices.State, request, StateResponse.Parser, CancellationToken.None));
            return (ShimAnswer.HasTask, shim, state);
        }
        catch (RpcException e) when (e.Code == RpcCode.NotFound)
        {
            return (ShimAnswer.NoTask, shim, null);
        }
        catch (RpcException e) when (shim.IsClosed)
        {
            logger.ShimDied(task.Namespace, task.Id, e.Message);
            return (ShimAnswer.Dead, null, null);
        }
        catch (RpcException e)
        {
            logger.StateRefused(task.Namespace, task.Id, e.Message);
            return (ShimAnswer.Failed, shim, null);
        }
    }

    private async Task<ShimConnection?> TryConnectAsync(SupervisedTask task, ShimAddress address)
    {
        try
        {
            return await connector.OpenAsync(address, task.Bundle, CancellationToken.None);
        }
        catch (Exception e) when (e is SocketException or RpcException or SyscallException)
        {
            logger.NoShim(address.Address, e.Message);
            return null;
        }
    }
}
