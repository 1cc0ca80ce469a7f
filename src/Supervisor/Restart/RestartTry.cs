using System.Diagnostics.CodeAnalysis;
using ShimStack.Api.Daemon;
using ShimStack.Api.Task;
using ShimStack.Supervisor.Containers;
using ShimStack.Supervisor.Shims;
using ShimStack.Supervisor.Tasks;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Restart;

/// <summary>
/// One more run of a container: the ended task is deleted, a new one made and started, each in the way that a client's call goes. A second copy
/// cannot be: the id in the table of tasks is free only when nothing of the run before is left.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to dispose.")]
internal sealed class RestartTry(RestartStore store, Runs runs, TaskCreation creation, TaskDeletion deletion, ContainerStore containers)
{
    private const int MaxRaces = 3;

    /// <summary>A place spreads the load of many tries; one that hangs gives it up.</summary>
    private static readonly TimeSpan PlaceLimit = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _places = new(Math.Max(4, 2 * Environment.ProcessorCount)); // after a boot all come at once

    /// <exception cref="RpcException">It could not be made or started; nothing is left of it, or the next try takes it up.</exception>
    public async Task<RestartOutcome> RunAsync(RestartRecord record, TimeProvider time)
    {
        await _places.WaitAsync();
        Task<RestartOutcome> run = RunInPlaceAsync(record, time);
        using CancellationTokenSource end = new();
        await Task.WhenAny(run, Task.Delay(PlaceLimit, time, end.Token));
        await end.CancelAsync();
        _places.Release();
        return await run;
    }

    /// <summary>Deletes the task that a try has made and not come to start, if there is one.</summary>
    /// <exception cref="RpcException">Its shim does not say, or cannot.</exception>
    public async Task TakeAwayAsync(string nameSpace, string id)
    {
        if (await runs.SeeAsync(nameSpace, id) is { State: RunState.CreatedByPolicy, Task: SupervisedTask left })
        {
            await DeleteAsync(left);
        }
    }

    private async Task<RestartOutcome> RunInPlaceAsync(RestartRecord record, TimeProvider time)
    {
        (RestartOutcome? no, RestartWish? wish, Container? container) = await AskAsync(record);
        if (no is RestartOutcome unwanted)
        {
            await TakeAwayAsync(record.Namespace, record.Container);
            return unwanted;
        }

        for (int races = 0; races < MaxRaces; races++)
        {
            RunView found = await runs.SeeAsync(record.Namespace, record.Container);
            switch (found.State)
            {
                case RunState.Runs:
                    return RestartOutcome.FoundRunning;
                case RunState.Created:
                    return RestartOutcome.FoundCreated;
                case RunState.Ended:
                    await DeleteAsync(found.Task!);
                    break;
            }

            if (found.State == RunState.CreatedByPolicy || await TryCreateAsync(container!, record, wish!))
            {
                return await StartAsync(record, time);
            }
        }

        throw RpcException.Unavailable($"task {record.Container}: clients make and delete it at the same time");
    }

    // A stop marks the container first and looks for its task then. So either the mark is seen here, or the stop sees this task.
    private async Task<RestartOutcome> StartAsync(RestartRecord record, TimeProvider time)
    {
        SupervisedTask task = runs.Tasks.Get(record.Namespace, record.Container);
        (RestartOutcome? no, _, _) = await AskAsync(record);
        if (no is RestartOutcome unwanted)
        {
            await DeleteAsync(task);
            return unwanted;
        }

        // Before the start, as its end may be told before the shim has answered.
        await store.RestartedAsync(record, time.GetUtcNow());
        try
        {
            ShimConnection shim = await task.Shim;
            await shim.CallAsync(TaskServices.Start, new Api.Task.StartRequest { Id = task.Id }, CancellationToken.None);
            return RestartOutcome.Started;
        }
        catch (RpcException)
        {
            await TakeBackAsync(task); // why it could not be started is more than that this fails, too
            throw;
        }
    }

    /// <returns>False: somebody else has made one.</returns>
    private async Task<bool> TryCreateAsync(Container container, RestartRecord record, RestartWish wish)
    {
        try
        {
            await creation.CreateAsync(container, record.Namespace, RestartStreams.Request(record.Request, wish), isRestart: true, CancellationToken.None);
            return true;
        }
        catch (RpcException e) when (e.Code == RpcCode.AlreadyExists && runs.Tasks.Contains(record.Namespace, record.Container))
        {
            return false;
        }
    }

    private async Task TakeBackAsync(SupervisedTask task)
    {
        try
        {
            await DeleteAsync(task);
        }
        catch (RpcException)
        {
            // The next try finds it as it is.
        }
    }

    private async Task DeleteAsync(SupervisedTask task)
    {
        try
        {
            await deletion.DeleteAsync(task, CancellationToken.None);
        }
        catch (RpcException e) when (e.Code == RpcCode.NotFound)
        {
            // A client was quicker, or its shim has died.
        }
    }

    private async Task<(RestartOutcome? No, RestartWish? Wish, Container? Container)> AskAsync(RestartRecord record)
    {
        if (await containers.FindAsync(record.Namespace, record.Container) is not Container container)
        {
            return (RestartOutcome.Gone, null, null);
        }

        return RestartLabels.Of(container) is RestartWish wish && RestartDecision.AfterExit(wish, record.Status, record.Count)
            ? (null, wish, container)
            : (RestartOutcome.Unwanted, null, null);
    }
}
