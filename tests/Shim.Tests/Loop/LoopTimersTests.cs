using ShimStack.Shim.Loop;

namespace ShimStack.Shim.Tests.Loop;

public class LoopTimersTests
{
    private static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;

    [Fact]
    public void WithoutTimersTheLoopSleepsWithoutATimeOut() => LoopTest.Run(async loop =>
    {
        await Task.Yield();
        using EventLoop other = new();
        Assert.Equal(-1, other.Timers.MillisecondsToNext());
        using (other.Timers.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(100), Never))
        {
            Assert.InRange(other.Timers.MillisecondsToNext(), 90_000, 100_000);
        }

        Assert.Equal(-1, other.Timers.MillisecondsToNext());
    });

    [Fact]
    public void TimersFireInTheOrderOfTheirTimes() => LoopTest.Run(async loop =>
    {
        List<int> fired = [];
        TaskCompletionSource last = new();
        loop.Timers.CreateTimer(_ => last.SetResult(), null, TimeSpan.FromMilliseconds(30), Never);
        loop.Timers.CreateTimer(_ => fired.Add(2), null, TimeSpan.FromMilliseconds(20), Never);
        loop.Timers.CreateTimer(_ => fired.Add(1), null, TimeSpan.FromMilliseconds(10), Never);
        await last.Task.WithTimeout(loop);
        Assert.Equal([1, 2], fired);
    });

    [Fact]
    public void CancelledTimersDoNotPileUp() => LoopTest.Run(async loop =>
    {
        await Task.Yield();
        bool fired = false;
        using ITimer live = loop.Timers.CreateTimer(_ => fired = true, null, TimeSpan.FromMilliseconds(20), Never);
        for (int i = 0; i < 10_000; i++)
        {
            loop.Timers.CreateTimer(_ => { }, null, TimeSpan.FromMinutes(10), Never).Dispose();
            Assert.InRange(loop.Timers.Count, 1, 70);
        }

        await LoopTest.UntilAsync(() => fired).WithTimeout(loop);
    });

    [Fact]
    public void ADisposedTimerNeverFires() => LoopTest.Run(async loop =>
    {
        bool fired = false;
        ITimer timer = loop.Timers.CreateTimer(_ => fired = true, null, TimeSpan.FromMilliseconds(1), Never);
        await timer.DisposeAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(10), loop.Timers);
        Assert.False(fired);
    });

    [Fact]
    public void AChangedTimerFiresOnceAndAtItsNewTime() => LoopTest.Run(async loop =>
    {
        List<bool> late = [];
        bool passed = false;
        ITimer timer = loop.Timers.CreateTimer(_ => late.Add(passed), null, TimeSpan.FromMilliseconds(1), Never);
        timer.Change(TimeSpan.FromMilliseconds(40), Never);
        await Task.Delay(TimeSpan.FromMilliseconds(20), loop.Timers);
        passed = true;
        await Task.Delay(TimeSpan.FromMilliseconds(40), loop.Timers);
        Assert.Equal([true], late);
    });

    [Fact]
    public void APeriodicTimerFiresUntilItIsDisposed() => LoopTest.Run(async loop =>
    {
        int count = 0;
        TaskCompletionSource third = new();
        ITimer? timer = null;
        timer = loop.Timers.CreateTimer(
            _ =>
            {
                if (++count == 3)
                {
                    timer!.Dispose();
                    third.SetResult();
                }
            },
            null,
            TimeSpan.FromMilliseconds(1),
            TimeSpan.FromMilliseconds(1));
        await third.Task.WithTimeout(loop);
        await Task.Delay(TimeSpan.FromMilliseconds(10), loop.Timers);
        Assert.Equal(3, count);
    });
}
