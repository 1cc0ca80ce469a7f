using ShimStack.Shim.Loop;

namespace ShimStack.Shim.Tests.Loop;

public class SettlingTests
{
    private int _settled;
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    [Fact]
    public void AfterARestThatWasTooShortItWaitsLonger()
    {
        Settling settling = new(() => _settled++, new Clock(this));
        for (int delay = Settling.FirstDelay; delay < Settling.LongestDelay; delay *= 2)
        {
            Assert.Equal(delay, settling.DelayMilliseconds);
            SettleAndRest(settling, TimeSpan.FromMilliseconds(delay));
        }

        SettleAndRest(settling, TimeSpan.FromSeconds(1));
        Assert.Equal(Settling.LongestDelay, settling.DelayMilliseconds);
    }

    [Fact]
    public void AfterALongRestItIsQuickAgain()
    {
        Settling settling = new(() => _settled++, new Clock(this));
        SettleAndRest(settling, TimeSpan.FromMilliseconds(1));
        SettleAndRest(settling, TimeSpan.FromHours(1));
        Assert.Equal(Settling.FirstDelay, settling.DelayMilliseconds);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(Settling.FirstDelay + 1, true)]
    [InlineData(Settling.FirstDelay, false)]
    [InlineData(0, false)]
    public void ATimerThatIsNearIsWaitedFor(int timeout, bool due) =>
        Assert.Equal(due, new Settling(() => _settled++, new Clock(this)).IsDueWithin(timeout));

    [Fact]
    public void OnceSettledItSleepsAsLongAsItMay()
    {
        Settling settling = new(() => _settled++, new Clock(this));
        settling.Settle();
        Assert.False(settling.IsDueWithin(-1));
        settling.Woke();
        Assert.True(settling.IsDueWithin(-1));
        settling.Woke();
    }

    [Fact]
    public void ALoopWithoutWorkSettlesOnce()
    {
        using EventLoop loop = new() { Settling = new Settling(() => _settled++, TimeProvider.System) };
        loop.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Settling.FirstDelay * 4), loop.Timers);
            return true;
        });
        Assert.Equal(1, _settled);
    }

    [Fact]
    public void ALoopWithWorkDoesNot()
    {
        using EventLoop loop = new() { Settling = new Settling(() => _settled++, TimeProvider.System) };
        loop.Run(async () =>
        {
            for (int i = 0; i < 10; i++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Settling.FirstDelay / 5), loop.Timers);
            }

            return true;
        });
        Assert.Equal(0, _settled);
    }

    private void SettleAndRest(Settling settling, TimeSpan rest)
    {
        settling.Settle();
        _now += rest;
        settling.Woke();
    }

    private sealed class Clock(SettlingTests test) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => test._now;
    }
}
