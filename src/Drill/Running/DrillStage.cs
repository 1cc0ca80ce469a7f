using ShimStack.Drill.Apis;
using ShimStack.Drill.Invariants;
using ShimStack.Drill.Live;
using ShimStack.Drill.Record;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Watching;

namespace ShimStack.Drill.Running;

/// <summary>All parts of one drill, put together by hand.</summary>
internal sealed class DrillStage : IAsyncDisposable
{
    // More than any invariant allows: without a daemon the drill cannot go on.
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _over = new();
    private readonly IDaemonApi _api;
    private readonly ApiProbe _probe;
    private readonly EventFeed _events;
    private bool _isPrepared;

    public DrillStage(ITarget target, DrillRecord record)
    {
        (Target, Record) = (target, record);
        record.Promises = target.Promises;
        target.Prepare();
        WorkerProgram.Install(target.Places.Rootfs);
        LoggerProgram.Install(target.Places);
        Daemons = target.Daemons(Loop, record);
        _api = target.Connect(record);
        Calls = new TaskCalls(_api, record);
        WaitFeed waits = new(_api, record, _over.Token);
        Fleet = new Fleet(Loop, target.Places, record, Calls, waits);
        Settlement = new Settlement(target.Places, _api, record, Fleet, waits);
        _probe = new ApiProbe(target.Connect(record), target.Places, record);
        _events = new EventFeed(_api, record);
    }

    public ITarget Target { get; }

    public DrillRecord Record { get; }

    public WatchLoop Loop { get; } = new();

    /// <summary>Each needs those before it.</summary>
    public IReadOnlyList<IDaemon> Daemons { get; }

    /// <summary>The one that clients speak to.</summary>
    public IDaemon Daemon => Daemons[^1];

    /// <summary>What daemon and shims call the containers that there ever were.</summary>
    public IReadOnlyList<string> Ids => Record.Read(() => Record.Subjects.Select(static subject => subject.Id).Distinct().ToArray());

    /// <summary>Calls that hang on purpose, by the name of their process.</summary>
    public Dictionary<string, Task> Pending { get; } = [];

    public TaskCalls Calls { get; }

    public Fleet Fleet { get; }

    public Settlement Settlement { get; }

    /// <summary>From now on the API is watched.</summary>
    public void Watch()
    {
        _probe.Start();
        _events.Start();
    }

    /// <summary>Starts what is not running.</summary>
    public async Task StartDaemonAsync()
    {
        foreach (IDaemon daemon in Daemons.Where(static daemon => !daemon.IsRunning))
        {
            await StartAsync(daemon);
        }

        await AnswersAsync();
        if (!_isPrepared)
        {
            _isPrepared = true;
            await _api.PrepareAsync(_over.Token);
        }
    }

    public Task AnswersAsync() => _probe.AnswersAfterAsync(Record.Now(), Daemon.End, StartLimit);

    /// <summary>Returns when the kernel has said that a process ended; at once for one that never came to be.</summary>
    public async Task EndedAsync(Subject subject, CancellationToken stop)
    {
        Moment begin = Record.Now();
        while (true)
        {
            Task change = Record.NextChange();
            if (Record.Read(() => subject.Ended is not null || (subject.Pid == 0 && subject.Stuck is not null)))
            {
                return;
            }

            if (Record.Now().Since(begin) > EndLimit)
            {
                throw new DrillException(
                    $"{subject.Name}, process {subject.Pid}, has not ended after {EndLimit.TotalSeconds:0} s, though it was to");
            }

            await Task.WhenAny(change, Task.Delay(Tolerance.Blocked, stop));
            stop.ThrowIfCancellationRequested();
        }
    }

    // One that is not the last has to be there before the next one is started, which would give up.
    private async Task StartAsync(IDaemon daemon)
    {
        string socket = Target.Places.Socket;
        if (ReferenceEquals(daemon, Daemon))
        {
            await daemon.StartAsync();
            return;
        }

        File.Delete(socket);
        using FileWatch served = new(Loop, Target.Places.Folder, socket, exists: true);
        await daemon.StartAsync();
        await served.Seen.WaitAsync(StartLimit);
    }

    /// <summary>Ends what only watches, then all that may be left of what was watched.</summary>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _probe.DisposeAsync();
        await _events.DisposeAsync();
        await (Target is ILiveTarget live
            ? new LiveCleanup(live, Loop, Ids).RunAsync((LiveDaemon)Daemon)
            : new Cleanup(Target.Places, Loop, Record).RunAsync([.. Daemons.Select(static daemon => daemon.Pid)]));
        Fleet.Dispose();
        _api.Dispose();
        Loop.Dispose();
        _over.Dispose();
    }
}
