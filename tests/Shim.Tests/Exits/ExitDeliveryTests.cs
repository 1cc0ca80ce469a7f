using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ShimStack.Api.Runc;
using ShimStack.Shim.Events;
using ShimStack.Shim.Exits;
using ShimStack.Shim.Stdio;
using ShimStack.Shim.Tasks;
using ShimStack.Shim.Tests.Events;
using ShimStack.Shim.Tests.Loop;
using ShimStack.Shim.Tests.State;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tests.Exits;

/// <summary>How often a daemon hears of an exit, with a clock of the test's and a daemon that comes and goes.</summary>
public sealed class ExitDeliveryTests : IDisposable
{
    private readonly TemporaryDirectory _bundle = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedSink _sink = new();
    private readonly TaskTable _tasks = new();
    private readonly EventOutbox _outbox;
    private readonly TaskEvents _events;
    private readonly DaemonOutage _outage;
    private readonly ExitDelivery _delivery;
    private readonly ContainerTask _task;
    private bool _away;

    public ExitDeliveryTests()
    {
        _outbox = new EventOutbox(_sink, _time, NullLogger.Instance);
        _events = new TaskEvents(_outbox);
        _outage = new DaemonOutage(_time, NullLogger.Instance);
        ExitRepeats repeats = new(_tasks, _events, _outage, _time, NullLogger.Instance);
        _delivery = new ExitDelivery(_outbox, new ExitRecorder(_tasks, NullLogger.Instance), repeats, _outage, _time);
        _sink.Then = (_, _) => _away ? throw new RpcException(RpcCode.Unavailable, "away") : Task.CompletedTask;
        TaskProcess init = new("c1", new StdioPaths("", "", "", Terminal: false));
        _task = new ContainerTask("c1", _bundle.Path, new Options(), new ScriptedRuntime(), init);
        _tasks.Add(_task);
        init.MarkStarted();
    }

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void WithoutAnOutageAnExitIsAnnouncedOnce() => LoopTest.Run(async loop =>
    {
        _ = _outbox.RunAsync();
        End();
        await PassAsync(TimeSpan.FromMinutes(5)).WithTimeout(loop);
        Assert.Single(_sink.Taken);
        Assert.True(ExitFiles.TryRead(_bundle.Path, "")!.Announced);
    });

    [Fact]
    public void AnExitWhileTheDaemonIsAwayIsRepeatedAfter2And10And60Seconds() => LoopTest.Run(async loop =>
    {
        _ = _outbox.RunAsync();
        DaemonDies();
        End();
        await PassAsync(TimeSpan.FromMinutes(10)).WithTimeout(loop);
        Assert.Empty(_sink.Taken);

        Assert.Equal([0, 2, 12, 72], await TimesOfTakenAsync(DaemonIsBack, TimeSpan.FromMinutes(5)).WithTimeout(loop));
    });

    [Fact]
    public void AnExitThatWasTakenJustBeforeTheDaemonDiedIsAnnouncedWhenItIsBack() => LoopTest.Run(async loop =>
    {
        _ = _outbox.RunAsync();
        End();
        await PassAsync(TimeSpan.FromSeconds(1)).WithTimeout(loop);
        Assert.Single(_sink.Taken);

        DaemonDies();
        await PassAsync(TimeSpan.FromSeconds(30)).WithTimeout(loop);
        Assert.Equal([0, 2, 12, 72], await TimesOfTakenAsync(DaemonIsBack, TimeSpan.FromMinutes(5)).WithTimeout(loop));
    });

    [Fact]
    public void TheRepetitionsEndWithTheDelete() => LoopTest.Run(async loop =>
    {
        _ = _outbox.RunAsync();
        DaemonDies();
        End();
        await PassAsync(TimeSpan.FromSeconds(1)).WithTimeout(loop);
        DaemonIsBack();
        await PassAsync(TimeSpan.FromSeconds(5)).WithTimeout(loop);
        Assert.Equal(2, _sink.Taken.Count);

        Task settled = _delivery.SettleAsync(_task);
        Assert.True(settled.IsCompleted);
        _tasks.Remove(_task);
        await PassAsync(TimeSpan.FromMinutes(5)).WithTimeout(loop);
        Assert.Equal(2, _sink.Taken.Count);
    });

    [Fact]
    public void ADeleteWaitsForAnExitThatIsUnderWay() => LoopTest.Run(async loop =>
    {
        TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _sink.Then = (_, _) => answer.Task;
        _ = _outbox.RunAsync();
        End();
        await LoopTest.UntilAsync(() => _sink.Attempts.Count == 1).WithTimeout(loop);
        Task settled = _delivery.SettleAsync(_task);
        await LoopTest.TurnAsync();
        Assert.False(settled.IsCompleted);
        answer.SetResult();
        await settled.WithTimeout(loop);
        Assert.Single(_sink.Taken);
    });

    [Fact]
    public void ADeleteTakesBackAnExitThatTheDaemonDoesNotTake() => LoopTest.Run(async loop =>
    {
        _away = true;
        _ = _outbox.RunAsync();
        End();
        Task settled = _delivery.SettleAsync(_task);
        await PassAsync(ExitDelivery.SettleLimit + TimeSpan.FromSeconds(1)).WithTimeout(loop);
        Assert.True(settled.IsCompletedSuccessfully);
        _tasks.Remove(_task);
        DaemonIsBack();
        await PassAsync(TimeSpan.FromMinutes(5)).WithTimeout(loop);
        Assert.Empty(_sink.Taken);
    });

    [Fact]
    public void ADaemonThatAcceptsAndNeverAnswersIsAway() => LoopTest.Run(async loop =>
    {
        bool answers = false;
        _sink.Then = (_, _) => answers ? Task.CompletedTask : throw new RpcException(RpcCode.DeadlineExceeded, "no answer");
        _ = _outbox.RunAsync();
        End();
        await PassAsync(TimeSpan.FromMinutes(10)).WithTimeout(loop);
        Assert.True(_outage.IsAway);
        Assert.Equal(4, (await TimesOfTakenAsync(() => answers = true, TimeSpan.FromMinutes(5)).WithTimeout(loop)).Count);
        Assert.False(_outage.IsAway);
    });

    private void End()
    {
        ExitStatus exit = new(3, _time.GetUtcNow());
        _task.Init.MarkExited(exit);
        _events.Exited(_task, _task.Init, exit);
    }

    private void DaemonDies()
    {
        _away = true;
        _outage.Lost();
    }

    private void DaemonIsBack()
    {
        _away = false;
        _delivery.DaemonSeen();
    }

    private async Task PassAsync(TimeSpan time)
    {
        DateTimeOffset end = _time.GetUtcNow() + time;
        while (_time.GetUtcNow() < end)
        {
            await LoopTest.TurnAsync();
            _time.Advance(TimeSpan.FromMilliseconds(500));
        }

        await LoopTest.TurnAsync();
    }

    // Whole seconds after an event at which the daemon was told.
    private async Task<List<double>> TimesOfTakenAsync(Action happens, TimeSpan time)
    {
        DateTimeOffset start = _time.GetUtcNow();
        List<double> at = [];
        Func<PendingEvent, CancellationToken, Task> then = _sink.Then;
        _sink.Then = async (pending, cancellation) =>
        {
            await then(pending, cancellation);
            at.Add(Math.Round((_time.GetUtcNow() - start).TotalSeconds));
        };
        happens();
        await PassAsync(time);
        return at;
    }
}
