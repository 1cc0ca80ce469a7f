using Grpc.Core;
using ShimStack.Drill.Record;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Watching;
using ShimStack.Drill.Work;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Running;

/// <summary>The containers and execs of the drill, and what is done with them.</summary>
internal sealed class Fleet(WatchLoop loop, TargetPlaces places, DrillRecord record, TaskCalls calls, WaitFeed waits) : IDisposable
{
    private static readonly TimeSpan BeginLimit = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, LiveProcess> _processes = [];
    private readonly CutCallRepair _repair = new(record, calls, waits);

    public IEnumerable<LiveProcess> Processes => _processes.Values;

    public LiveProcess this[string name] => _processes[name];

    public Subject Subject(string name) => _processes[name].Subject;

    /// <summary>Makes everything that is to be there before the daemon is asked.</summary>
    public LiveProcess Join(WorkOrder order, string container)
    {
        Subject subject = new(order, container);
        LiveProcess process = new(loop, places, record, subject);
        _processes.Add(order.Name, process);
        record.Change(() => record.Subjects.Add(subject));
        return process;
    }

    /// <summary>From nothing to a process that runs.</summary>
    public async Task RunAsync(WorkOrder order, string container)
    {
        LiveProcess process = Join(order, container);
        if (process.Subject.IsInit)
        {
            await calls.RegisterAsync(process.Subject);
            await calls.CreateAsync(process);
        }
        else
        {
            await calls.AddExecAsync(process);
        }

        await StartAsync(process);
        await BegunAsync(process);
    }

    public async Task StartAsync(LiveProcess process)
    {
        if (record.Promises.WaitsBeforeStart)
        {
            waits.Ask(process.Subject, WaitFeed.Early);
        }

        process.Found(await calls.StartAsync(process.Subject));
        process.Started("started");
        waits.Ask(process.Subject, WaitFeed.Early);
    }

    /// <summary>Brings a process to run whose making was cut.</summary>
    public async Task CompleteAsync(LiveProcess process)
    {
        if (await _repair.TryCompleteAsync(process))
        {
            await BegunAsync(process);
        }
    }

    /// <summary>Deletes it, however often that takes; what is gone already is deleted, too.</summary>
    public async Task RemoveAsync(LiveProcess process)
    {
        await _repair.RemoveAsync(process);
        record.Note(EntryKind.Done, process.Subject.Name, "removed", _ => process.Subject.Life = Life.Removed);
        _processes.Remove(process.Subject.Name);
        process.Dispose();
    }

    public async Task EndAsync(LiveProcess process, Signal signal)
    {
        Tell(process.Subject, signal == Signal.SIGKILL ? 128 + (int)signal : process.Subject.Order.Code);
        try
        {
            await calls.KillAsync(process.Subject, signal);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            // It has ended by itself meanwhile.
        }
    }

    /// <summary>From now on it may end, with this code or that of its order.</summary>
    public void Tell(Subject subject, int code) => record.Change(() =>
    {
        subject.ToldToEnd ??= record.Now();
        subject.Codes.Add(code);
        subject.Life = subject.Life == Life.Removed ? Life.Removed : Life.Ending;
    });

    public async Task PauseAsync(LiveProcess process)
    {
        long from = record.Now().Nanoseconds;
        await calls.PauseAsync(process.Subject);
        record.Change(() => InContainer(process.Subject.Name).ForEach(subject => subject.Pauses.Add(new Gap(from, long.MaxValue))));
    }

    public async Task ResumeAsync(LiveProcess process)
    {
        await calls.ResumeAsync(process.Subject);
        long to = record.Now().Nanoseconds;
        record.Change(() => InContainer(process.Subject.Name).Where(static subject => subject.Pauses.Count > 0).ToList()
            .ForEach(subject => subject.Pauses[^1] = subject.Pauses[^1] with { To = Math.Min(subject.Pauses[^1].To, to) }));
    }

    /// <summary>Whoever is in the container ends with its shim, or is ended by the daemon; unless that puts another in the shim's place.</summary>
    public Task KillShimAsync(LiveProcess process)
    {
        bool outlives = record.Read(() => record.Promises.OutlivesShims && record.DaemonNow == DaemonState.Up);
        foreach (Subject subject in InContainer(process.Subject.Name))
        {
            if (outlives)
            {
                record.Change(() => subject.LosesOutput = true);
                continue;
            }

            Tell(subject, 128 + (int)Signal.SIGKILL);
            record.Change(() => subject.IsOrphan = true);
        }

        foreach (int shim in ShimProcesses.Find(places, process.Subject.Id))
        {
            record.Note(EntryKind.Done, process.Subject.Name, $"SIGKILL to its shim, process {shim}");
            ProcessSignals.Send(shim, (int)Signal.SIGKILL);
        }

        return Task.CompletedTask;
    }

    public void Dispose()
    {
        foreach (LiveProcess process in _processes.Values)
        {
            process.Dispose();
        }
    }

    private List<Subject> InContainer(string container) =>
        [.. _processes.Values.Select(static process => process.Subject).Where(subject => subject.Container == container)];

    // Before its program has blocked it, a first process ignores SIGTERM, see pid_namespaces(7); the program makes the file after that.
    private async Task BegunAsync(LiveProcess process)
    {
        using FileWatch begun = new(loop, places.Truth, TruthFiles.PathOf(places.Truth, process.Subject), exists: true);
        try
        {
            await begun.Seen.WaitAsync(BeginLimit);
        }
        catch (TimeoutException)
        {
            string stuck = $"it was started, and its program has not begun {BeginLimit.TotalSeconds:0} s later";
            record.Change(() => process.Subject.Stuck = stuck);
        }
    }
}
