using ShimStack.Client;
using ShimStack.Drill.Invariants;
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
    private readonly ApiProbe _probe;
    private readonly EventFeed _events;

    public DrillStage(ITarget target, DrillRecord record)
    {
        (Target, Record) = (target, record);
        target.Prepare();
        WorkerProgram.Install(target.Places.Rootfs);
        Daemon = new TargetDaemon(target, Loop, record);
        Api = new DaemonClient(target.Places.Socket, target.Places.Name);
        Calls = new TaskCalls(target, Api, record);
        WaitFeed waits = new(Api, record, _over.Token);
        Fleet = new Fleet(Loop, target.Places, record, Calls, waits);
        Settlement = new Settlement(target.Places, Api, record, Fleet, waits);
        _probe = new ApiProbe(target.Places, record);
        _events = new EventFeed(Api, record);
    }

    public ITarget Target { get; }

    public DrillRecord Record { get; }

    public WatchLoop Loop { get; } = new();

    public TargetDaemon Daemon { get; }

    public DaemonClient Api { get; }

    public TaskCalls Calls { get; }

    public Fleet Fleet { get; }

    public Settlement Settlement { get; }

    /// <summary>From now on the API is watched.</summary>
    public void Watch()
    {
        _probe.Start();
        _events.Start();
    }

    public async Task StartDaemonAsync()
    {
        await Daemon.StartAsync();
        await AnswersAsync();
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

    /// <summary>Ends what only watches, then all that may be left of what was watched.</summary>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _probe.DisposeAsync();
        await _events.DisposeAsync();
        await new Cleanup(Target.Places, Loop, Record).RunAsync(Daemon.Pid);
        Fleet.Dispose();
        Api.Dispose();
        Loop.Dispose();
        _over.Dispose();
    }
}
