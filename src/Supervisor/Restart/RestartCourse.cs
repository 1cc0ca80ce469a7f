using ShimStack.Api.Daemon;
using ShimStack.Native;
using ShimStack.Supervisor.Containers;
using ShimStack.Supervisor.Tasks;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Restart;

/// <summary>
/// The steps of a container with a policy, from what is on record to what is next. Each answers how long to wait before it is tried to start it; null
/// for not at all.
/// </summary>
internal sealed class RestartCourse(
    RestartStore store, RestartTry tries, ContainerStore containers, Runs runs, TaskLoss loss, TimeProvider time, ILogger<RestartCourse> logger)
{
    /// <summary>It has ended, and that is on record.</summary>
    public async Task<TimeSpan?> EndedAsync(RestartEntry entry) =>
        await FindAsync(entry) is { State: RestartState.Running, ExitStatus: not null } record ? await NextAsync(record) : await WaitingAsync(entry);

    /// <summary>Its labels have changed: a stop ends the waiting.</summary>
    public async Task<TimeSpan?> ChangedAsync(RestartEntry entry)
    {
        if (await FindAsync(entry) is not { State: RestartState.Waiting } record)
        {
            return await EndedAsync(entry);
        }

        if (await WishAsync(record) is RestartWish wish && RestartDecision.AfterExit(wish, record.Status, record.Count))
        {
            return Left(record);
        }

        await tries.TakeAwayAsync(record.Namespace, record.Container);
        await store.EndAsync(record.Namespace, record.Container);
        return null;
    }

    /// <summary>Its time has come.</summary>
    public async Task<TimeSpan?> TryAsync(RestartEntry entry)
    {
        if (await FindAsync(entry) is not { State: RestartState.Waiting } record)
        {
            return null;
        }

        try
        {
            RestartOutcome outcome = await tries.RunAsync(record, time);
            logger.Tried(record.Namespace, record.Container, record.Count + 1, outcome);
            await (outcome switch
            {
                RestartOutcome.Started => Task.CompletedTask,
                RestartOutcome.FoundRunning => store.RunsAsync(record.Namespace, record.Container),
                _ => store.EndAsync(record.Namespace, record.Container),
            });
            return null;
        }
        catch (Exception e) when (e is RpcException or SyscallException or IOException or UnauthorizedAccessException)
        {
            logger.TryFailed(record.Namespace, record.Container, record.Count + 1, e.Message);
            return await NextAsync(record with { Count = record.Count + 1, Error = e.Message });
        }
    }

    /// <summary>After a start of the daemon: what has happened meanwhile, and what was cut.</summary>
    public async Task<TimeSpan?> ResumeAsync(RestartEntry entry)
    {
        if (await FindAsync(entry) is not { State: RestartState.Running } record)
        {
            return await WaitingAsync(entry);
        }

        // The fate of its task is known behind this, and its exit told.
        RunView found = await runs.SeeAsync(record.Namespace, record.Container);
        switch (found.State)
        {
            case RunState.Runs:
                await (record.ExitStatus is null ? Task.CompletedTask : store.RunsAsync(record.Namespace, record.Container));
                return null;
            case RunState.Created:
                return null; // its client was cut, and starts it again
            case RunState.CreatedByPolicy:
                await store.PutAsync(record with { State = RestartState.Waiting, Count = record.Count - 1, NextAt = time.GetUtcNow() });
                return TimeSpan.Zero;
            case RunState.Ended:
                await store.ExitedAsync(record.Namespace, record.Container, found.Process!.ExitStatus, found.Process.ExitedAt);
                break;
            default:
                await loss.TellAsync(record.Namespace, record.Container);
                await store.ExitedAsync(record.Namespace, record.Container, RestartDecision.UnknownStatus, null);
                break;
        }

        return await EndedAsync(entry);
    }

    private async Task<TimeSpan?> NextAsync(RestartRecord record)
    {
        if (await WishAsync(record) is not RestartWish wish)
        {
            return null; // whoever has changed that is told of it
        }

        if (!RestartDecision.AfterExit(wish, record.Status, record.Count))
        {
            logger.WillRest(record.Namespace, record.Container, record.Status, wish.Policy, record.Count);
            await store.PutAsync(record with { State = RestartState.Ended, NextAt = null });
            return null;
        }

        TimeSpan delay = Backoff.Next(record.Delay, record.Ran);
        TimeSpan wait = Backoff.Jittered(delay, Random.Shared.NextDouble());
        logger.WillRestart(record.Namespace, record.Container, record.Status, wish.Policy, (long)wait.TotalMilliseconds, record.Count + 1);
        await store.PutAsync(record with { State = RestartState.Waiting, Delay = delay, NextAt = time.GetUtcNow() + wait });
        return wait;
    }

    private async Task<TimeSpan?> WaitingAsync(RestartEntry entry) => await FindAsync(entry) is { State: RestartState.Waiting } record ? Left(record) : null;

    // The clock on the wall may have been set: nobody waits longer for that than was meant.
    private TimeSpan Left(RestartRecord record)
    {
        TimeSpan left = (record.NextAt ?? DateTimeOffset.MinValue) - time.GetUtcNow();
        TimeSpan longest = Backoff.Jittered(record.Delay, 1);
        return left < longest ? left : longest;
    }

    private Task<RestartRecord?> FindAsync(RestartEntry entry) => store.FindAsync(entry.Namespace, entry.Id);

    private async Task<RestartWish?> WishAsync(RestartRecord record) =>
        await containers.FindAsync(record.Namespace, record.Container) is Container container ? RestartLabels.Of(container) : null;
}
