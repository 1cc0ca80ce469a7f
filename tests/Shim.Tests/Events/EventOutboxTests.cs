using System.Globalization;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ShimStack.Shim.Events;
using ShimStack.Shim.Tests.Loop;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tests.Events;

public class EventOutboxTests
{
    private static readonly RpcException Away = new(RpcCode.Unavailable, "away");
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedSink _sink = new();
    private readonly EventOutbox _outbox;

    public EventOutboxTests() => _outbox = new EventOutbox(_sink, _time, NullLogger.Instance);

    [Fact]
    public void EventsAreDeliveredInTheirOrder() => LoopTest.Run(async loop =>
    {
        Add("a", "b");
        Task delivery = _outbox.RunAsync();
        Add("c");
        await LoopTest.UntilAsync(() => _outbox.Pending.Count == 0).WithTimeout(loop);
        Add("d");
        await StopAsync(delivery).WithTimeout(loop);
        Assert.Equal(["a", "b", "c", "d"], _sink.Taken);
    });

    [Fact]
    public void ALaterEventWaitsForAnEarlierOneThatFails() => LoopTest.Run(async loop =>
    {
        int failures = 3;
        _sink.Then = (pending, _) => pending.Topic == "a" && failures-- > 0 ? throw Away : Task.CompletedTask;
        Add("a", "b");
        Task delivery = _outbox.RunAsync();
        await PassAsync(() => _outbox.Pending.Count == 0).WithTimeout(loop);
        Assert.Equal(["a", "a", "a", "a", "b"], _sink.Attempts);
        Assert.Equal(["a", "b"], _sink.Taken);
        await StopAsync(delivery).WithTimeout(loop);
    });

    [Fact]
    public void ThePausesGrowToTheirBoundAndShrinkAfterASuccess() => LoopTest.Run(async loop =>
    {
        List<double> at = [];
        bool away = true;
        _sink.Then = (_, _) =>
        {
            at.Add((_time.GetUtcNow() - _time.Start).TotalMilliseconds);
            return away ? throw Away : Task.CompletedTask;
        };
        Add("a");
        Task delivery = _outbox.RunAsync();
        await PassAsync(() => at.Count == 9).WithTimeout(loop);
        double[] pauses = [.. at.Zip(at.Skip(1), static (earlier, later) => later - earlier)];
        Assert.Equal([100, 200, 400, 800, 1600, 3200, 5000, 5000], pauses);

        away = false;
        await PassAsync(() => _outbox.Pending.Count == 0).WithTimeout(loop);
        at.Clear();
        away = true;
        Add("b");
        await PassAsync(() => at.Count == 2).WithTimeout(loop);
        Assert.Equal(100, at[1] - at[0]);
        away = false;
        await PassAsync(() => _outbox.Pending.Count == 0).WithTimeout(loop);
        await StopAsync(delivery).WithTimeout(loop);
    });

    [Theory]
    [InlineData(RpcCode.InvalidArgument)]
    [InlineData(RpcCode.Unimplemented)]
    [InlineData(RpcCode.PermissionDenied)]
    public void ARefusedEventDoesNotHoldTheOthersUp(RpcCode code) => LoopTest.Run(async loop =>
    {
        _sink.Then = (pending, _) => pending.Topic == "a" ? throw new RpcException(code, "no") : Task.CompletedTask;
        Add("a", "b");
        Task delivery = _outbox.RunAsync();
        await StopAsync(delivery).WithTimeout(loop);
        Assert.Equal(["a", "b"], _sink.Attempts);
        Assert.Equal(["b"], _sink.Taken);
    });

    [Fact]
    public void AFullOutboxDropsTheOldestAndCounts()
    {
        for (int i = 0; i < EventQueue.Capacity + 3; i++)
        {
            Add(i.ToString(CultureInfo.InvariantCulture));
        }

        Assert.Equal(EventQueue.Capacity, _outbox.Pending.Count);
        Assert.Equal(3, _outbox.Dropped);
        Assert.Equal("3", _outbox.Pending[0].Topic);
    }

    [Fact]
    public void AnEventThatIsDroppedOnItsWayDoesNotTakeAnotherWithIt() => LoopTest.Run(async loop =>
    {
        TaskCompletionSource taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _sink.Then = (pending, _) => pending.Topic == "first" ? taken.Task : Task.CompletedTask;
        Add("first");
        Task delivery = _outbox.RunAsync();
        Add([.. Enumerable.Range(0, EventQueue.Capacity).Select(static i => i.ToString(CultureInfo.InvariantCulture))]);
        Assert.Equal(1, _outbox.Dropped);
        taken.SetResult();
        await StopAsync(delivery).WithTimeout(loop);
        Assert.Equal(EventQueue.Capacity + 1, _sink.Taken.Count);
    });

    [Fact]
    public void AFullOutboxNeverDropsAnExit()
    {
        Exit("first");
        for (int i = 0; i < EventQueue.Capacity; i++)
        {
            Add("implied");
        }

        Exit("second");
        Assert.Equal(2, _outbox.Dropped);
        Assert.Equal(["first", "second"], _outbox.Pending.Where(static e => e.Exit is not null).Select(static e => e.Exit!.Value.Task));
        for (int i = 0; i < EventQueue.Capacity; i++)
        {
            Exit("more");
        }

        Assert.Equal(EventQueue.Capacity + 2, _outbox.Pending.Count);
        Assert.DoesNotContain(_outbox.Pending, static e => e.Exit is null);
    }

    [Fact]
    public void AnOutboxIsFullBySizeToo()
    {
        ByteString large = ByteString.CopyFrom(new byte[EventQueue.MaxBytes / 4]);
        for (int i = 0; i < 6; i++)
        {
            _outbox.Add(new PendingEvent(_time.GetUtcNow(), i.ToString(CultureInfo.InvariantCulture), "type", large));
        }

        Assert.Equal(["2", "3", "4", "5"], _outbox.Pending.Select(static e => e.Topic));
    }

    [Fact]
    public void WhatWaitsForADaemonIsTriedAtOnceWhenItShowsItself() => LoopTest.Run(async loop =>
    {
        bool away = true;
        _sink.Then = (_, _) => away ? throw Away : Task.CompletedTask;
        Add("a");
        Task delivery = _outbox.RunAsync();
        await PassAsync(() => _sink.Attempts.Count == 8).WithTimeout(loop);
        away = false;
        _outbox.Hurry();
        await LoopTest.UntilAsync(() => _outbox.Pending.Count == 0).WithTimeout(loop);
        Assert.Equal(["a"], _sink.Taken);
        await StopAsync(delivery).WithTimeout(loop);
    });

    // It connects to its shims before it serves events: the first attempt then comes too early.
    [Fact]
    public void ThePausesBeginAnewWhenADaemonShowsItself() => LoopTest.Run(async loop =>
    {
        List<double> at = [];
        _sink.Then = (_, _) =>
        {
            at.Add((_time.GetUtcNow() - _time.Start).TotalMilliseconds);
            throw Away;
        };
        Add("a");
        Task delivery = _outbox.RunAsync();
        await PassAsync(() => at.Count == 9).WithTimeout(loop);
        _outbox.Hurry();
        await LoopTest.UntilAsync(() => at.Count == 10).WithTimeout(loop);
        await PassAsync(() => at.Count == 13).WithTimeout(loop);
        double[] pauses = [.. at.Skip(9).Zip(at.Skip(10), static (earlier, later) => later - earlier)];
        Assert.Equal([100, 200, 400], pauses);
        _sink.Then = static (_, _) => Task.CompletedTask;
        await StopAsync(delivery).WithTimeout(loop);
    });

    [Fact]
    public void AnExitThatIsTakenBackIsNotSentAgain() => LoopTest.Run(async loop =>
    {
        _sink.Then = static (pending, _) => pending.Exit is not null ? throw Away : Task.CompletedTask;
        Exit("c1");
        Add("b");
        Task delivery = _outbox.RunAsync();
        await LoopTest.UntilAsync(() => _sink.Attempts.Count == 1).WithTimeout(loop);
        Assert.True(_outbox.Holds(new ExitSubject("c1", "")));
        Assert.Equal(1, _outbox.Withdraw(new ExitSubject("c1", "")));
        _outbox.Hurry();
        await LoopTest.UntilAsync(() => _outbox.Pending.Count == 0).WithTimeout(loop);
        Assert.Equal(["b"], _sink.Taken);
        await StopAsync(delivery).WithTimeout(loop);
    });

    [Fact]
    public void TheEndWaitsForWhatIsOnItsWay() => LoopTest.Run(async loop =>
    {
        TaskCompletionSource taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _sink.Then = (_, _) => taken.Task;
        Add("a", "b");
        Task delivery = _outbox.RunAsync();
        Task stop = _outbox.StopAsync(TimeSpan.FromSeconds(5));
        await LoopTest.TurnAsync();
        Assert.False(stop.IsCompleted);
        taken.SetResult();
        await stop.WithTimeout(loop);
        await delivery.WithTimeout(loop);
        Assert.Equal(["a", "b"], _sink.Taken);
    });

    [Fact]
    public void TheEndDoesNotWaitForEverAndKeepsWhatWasNotDelivered() => LoopTest.Run(async loop =>
    {
        _sink.Then = static (_, cancellation) => Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        Add("a", "b");
        Task delivery = _outbox.RunAsync();
        Task stop = _outbox.StopAsync(TimeSpan.FromSeconds(5));
        await LoopTest.TurnAsync();
        _time.Advance(TimeSpan.FromSeconds(4));
        await LoopTest.TurnAsync();
        Assert.False(stop.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await stop.WithTimeout(loop);
        await delivery.WithTimeout(loop);
        Assert.Equal(["a", "b"], _outbox.Pending.Select(static pending => pending.Topic));
    });

    [Fact]
    public void AnOutboxThatIsIdleEndsAtOnce() => LoopTest.Run(async loop =>
    {
        Task delivery = _outbox.RunAsync();
        await _outbox.StopAsync(TimeSpan.FromSeconds(5)).WithTimeout(loop);
        await delivery.WithTimeout(loop);
        Assert.Empty(_sink.Attempts);
    });

    private void Add(params string[] topics) =>
        Array.ForEach(topics, topic => _outbox.Add(new PendingEvent(_time.GetUtcNow(), topic, "type", ByteString.Empty)));

    private void Exit(string task) => _outbox.Add(
        new PendingEvent(_time.GetUtcNow(), "/tasks/exit", "type", ByteString.Empty) { Exit = new ExitSubject(task, "") });

    private async Task StopAsync(Task delivery)
    {
        await _outbox.StopAsync(TimeSpan.FromSeconds(5));
        await delivery;
    }

    // Time goes on by itself, in steps that no pause is shorter than.
    private async Task PassAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await LoopTest.TurnAsync();
            if (!condition())
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
            }
        }
    }
}
