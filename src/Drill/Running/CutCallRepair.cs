using Grpc.Core;
using ShimStack.Drill.Apis;
using ShimStack.Drill.Record;

namespace ShimStack.Drill.Running;

/// <summary>Takes up calls that were cut, as clients do after an outage: it looks where a process stands, and goes on from there.</summary>
internal sealed class CutCallRepair(DrillRecord record, TaskCalls calls, WaitFeed waits)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Brings a process to run, from wherever it stands; false, and a note why, if that cannot be done.</summary>
    public async Task<bool> TryCompleteAsync(LiveProcess process)
    {
        using CancellationTokenSource limit = new(Limit);
        string reason = "it is made, and not there";
        while (!limit.IsCancellationRequested)
        {
            try
            {
                if (await GoOnAsync(process))
                {
                    return true;
                }
            }
            catch (RpcException e)
            {
                reason = $"{e.StatusCode}, {e.Status.Detail}";
                await Task.Delay(Pause, CancellationToken.None);
            }
        }

        record.Change(() => process.Subject.Stuck = $"it cannot be brought to run: {reason}");
        return false;
    }

    /// <summary>Deletes it; what is gone already is deleted, too. That it cannot be done is noted.</summary>
    public async Task RemoveAsync(LiveProcess process)
    {
        using CancellationTokenSource limit = new(Limit);
        while (await TryRemoveAsync(process) is string reason)
        {
            if (limit.IsCancellationRequested)
            {
                record.Change(() => process.Subject.Stuck = $"it cannot be deleted: {reason}");
                return;
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private async Task<bool> GoOnAsync(LiveProcess process)
    {
        if (await calls.TryGetAsync(process.Subject) is not KnownProcess known)
        {
            await MakeAsync(process);
            return false;
        }

        process.Created();
        if (record.Promises.WaitsBeforeStart)
        {
            waits.Ask(process.Subject, WaitFeed.Early);
        }

        if (known.Status == KnownProcess.Created)
        {
            process.Found(await calls.StartAsync(process.Subject));
            process.Started("started");
            waits.Ask(process.Subject, WaitFeed.Early);
            return true;
        }

        process.Found(known.Pid);
        process.Started("found");
        waits.Ask(process.Subject, WaitFeed.Early);
        return true;
    }

    private async Task MakeAsync(LiveProcess process)
    {
        if (!process.Subject.IsInit)
        {
            await calls.AddExecAsync(process);
            return;
        }

        try
        {
            await calls.CreateAsync(process);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.AlreadyExists)
        {
            // A shim without a container in it is left of the first Create: it has no state to tell, and whoever wants the name deletes it.
            await calls.DeleteAsync(process.Subject);
        }
    }

    // null when it is done, else why not.
    private async Task<string?> TryRemoveAsync(LiveProcess process)
    {
        try
        {
            await calls.DeleteAsync(process.Subject);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            // An earlier Delete was done before it could be answered.
        }
        catch (RpcException e)
        {
            return $"{e.StatusCode}, {e.Status.Detail}";
        }

        try
        {
            await (process.Subject.IsInit ? calls.UnregisterAsync(process.Subject) : Task.CompletedTask);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            // Likewise.
        }

        return null;
    }
}
