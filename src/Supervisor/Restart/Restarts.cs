using System.Collections.Concurrent;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Containers;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Tasks;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Restart;

/// <summary>
/// What should run: told when a container with a policy is started, ends, is changed or deleted, and sees to the rest. The table is the truth; here
/// are only the containers that are in it, so that all others cost nothing, and the timers of those that wait.
/// </summary>
internal sealed class Restarts(
    RestartStore store, RestartCourse course, ContainerStore containers, EventJournal journal, Runs runs, TimeProvider time, ILogger<Restarts> logger)
    : IAsyncDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string Namespace, string Id), RestartEntry> _entries = new();
    private Task? _ending;

    /// <summary>Takes up what is on record. From here on nothing is missed.</summary>
    public async Task BeginAsync(RestartBoot boot)
    {
        await boot.ApplyAsync();
        foreach (RestartRecord record in await store.AllAsync())
        {
            EntryOf(record.Namespace, record.Container);
        }

        journal.InitExited += (nameSpace, id) => IfKnown(nameSpace, id, course.EndedAsync);
        containers.Deleted += (nameSpace, id) => Forget(nameSpace, id);
        containers.Updated += UpdatedAsync;
        foreach (RestartEntry entry in _entries.Values)
        {
            _ = DoAsync(entry, course.ResumeAsync);
        }
    }

    /// <summary>A client starts a task: on record before it runs, so that no end of it is missed.</summary>
    /// <returns>False: there is no policy, or the shim will refuse the start.</returns>
    /// <exception cref="OperationCanceledException">The caller has gone, or the daemon ends.</exception>
    public async Task<bool> TryRecordStartAsync(SupervisedTask task, CancellationToken cancellation)
    {
        if (await containers.FindAsync(task.Namespace, task.Id) is not Container container || RestartLabels.Of(container) is null)
        {
            return false;
        }

        RestartEntry entry = EntryOf(task.Namespace, task.Id);
        using RestartEntry.Turn turn = await entry.EnterAsync(cancellation);
        RunView found = await runs.SeeAsync(task.Namespace, task.Id).WaitAsync(cancellation);
        if (found.Task != task || found.State is not (RunState.Created or RunState.CreatedByPolicy))
        {
            return false;
        }

        entry.Disarm();
        await RecordAsync(task);
        return true;
    }

    /// <summary>That start has failed, and its client knows why: the policy has nothing to do. One that the client has given up may come to run.</summary>
    public async Task TakeBackStartAsync(SupervisedTask task, RpcException reason)
    {
        RestartEntry entry = EntryOf(task.Namespace, task.Id);
        using RestartEntry.Turn turn = await entry.EnterAsync(CancellationToken.None);
        if ((await runs.SeeAsync(task.Namespace, task.Id)).State != RunState.Runs)
        {
            entry.Disarm();
            await store.EndAsync(task.Namespace, task.Id, reason.Message);
        }
    }

    /// <summary>
    /// Lets what is under way come to its end; nothing is begun any more since the daemon's end has begun. Tries have children, so it comes before those
    /// are let go.
    /// </summary>
    public Task EndAsync() => _ending ??= Task.WhenAll(_entries.Values.Select(entry => entry.TryEndAsync(EndLimit)));

    public ValueTask DisposeAsync() => new(EndAsync());

    // Who stops a container finds no restart under way afterwards, unless that hangs: then it will find its mark.
    private async Task UpdatedAsync(string nameSpace, Container container)
    {
        RestartWish? wish = RestartLabels.Of(container);
        if (wish is not null || _entries.ContainsKey((nameSpace, container.Id)))
        {
            RestartEntry entry = EntryOf(nameSpace, container.Id);
            await DoAsync(entry, changed => ChangedAsync(changed, wish)).WaitAsync(EndLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // A policy that comes to a container that runs; one that goes, or a stop, for one that waits.
    private async Task<TimeSpan?> ChangedAsync(RestartEntry entry, RestartWish? wish)
    {
        if (wish is null)
        {
            await store.RemoveAsync(entry.Namespace, entry.Id);
            Forget(entry.Namespace, entry.Id);
            return null;
        }

        if (await store.FindAsync(entry.Namespace, entry.Id) is not null)
        {
            return await course.ChangedAsync(entry);
        }

        RunView found = await runs.SeeAsync(entry.Namespace, entry.Id);
        if (found.State == RunState.Runs && !wish.IsStopped)
        {
            await RecordAsync(found.Task!);
        }

        return null;
    }

    private async Task RecordAsync(SupervisedTask task)
    {
        if (task.Bundle.ReadRequest() is byte[] request)
        {
            await store.StartedAsync(task.Namespace, task.Id, request, time.GetUtcNow());
        }
        else
        {
            logger.RequestUnknown(task.Namespace, task.Id);
        }
    }

    private RestartEntry EntryOf(string nameSpace, string id) => _entries.GetOrAdd((nameSpace, id), static key => new RestartEntry(key.Namespace, key.Id));

    private void Forget(string nameSpace, string id)
    {
        if (_entries.TryRemove((nameSpace, id), out RestartEntry? entry))
        {
            entry.Disarm();
        }
    }

    private void IfKnown(string nameSpace, string id, Func<RestartEntry, Task<TimeSpan?>> step)
    {
        if (_entries.TryGetValue((nameSpace, id), out RestartEntry? entry))
        {
            _ = DoAsync(entry, step);
        }
    }

    private async Task DoAsync(RestartEntry entry, Func<RestartEntry, Task<TimeSpan?>> step)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // who calls must not wait: it is the journal, among others
        using RestartEntry.Turn turn = await entry.EnterAsync(CancellationToken.None);
        if (runs.AreLeft)
        {
            return;
        }

        try
        {
            entry.Disarm();
            if (await step(entry) is TimeSpan wait)
            {
                Arm(entry, course.TryAsync, wait);
            }
        }
        catch (OperationCanceledException) when (runs.AreLeft)
        {
            // The next daemon takes it up.
        }
        catch (Exception e)
        {
            logger.PolicyFailed(entry.Namespace, entry.Id, e); // a full disk, most likely, or a shim that does not say how its container is
            Arm(entry, step, RetryAfter);
        }
    }

    private void Arm(RestartEntry entry, Func<RestartEntry, Task<TimeSpan?>> step, TimeSpan wait) => entry.Arm(due => _ = DoAsync(due, step), wait, time);
}
