using ShimStack.Native.Processes;
using ShimStack.Shim.Reaping;
using ShimStack.Shim.Tests.Loop;

namespace ShimStack.Shim.Tests.Reaping;

[Collection(OneProcessAtATime.Name)]
public class ReaperTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private readonly Reaper _reaper = new(TimeProvider.System) { IsChild = static _ => true };

    [Fact]
    public void AnExitThatComesBeforeThePidIsKnownIsFoundInTheWatch()
    {
        using ExitWatch watch = _reaper.Watch();
        _reaper.Deliver(new ReapedExit(77, 3, Now));
        Task<ReapedExit> exit = watch.TryFor(77)!;
        Assert.True(exit.IsCompletedSuccessfully);
        Assert.Equal(0, _reaper.Expected);
    }

    [Fact]
    public void AWatchWaitsForAnExitThatIsStillToCome()
    {
        Task<ReapedExit> exit;
        using (ExitWatch watch = _reaper.Watch())
        {
            exit = watch.TryFor(77)!;
        }

        Assert.False(exit.IsCompleted);
        _reaper.Deliver(new ReapedExit(77, 3, Now));
        Assert.True(exit.IsCompletedSuccessfully);
    }

    [Fact]
    public void AWatchKnowsNothingOfExitsBeforeItWasOpened()
    {
        _reaper.Deliver(new ReapedExit(77, 3, Now));
        using ExitWatch watch = _reaper.Watch();
        Assert.False(watch.TryFor(77)!.IsCompleted);
    }

    [Fact]
    public void APidOfNoChildHasNoExitToWaitFor()
    {
        Reaper reaper = new(TimeProvider.System);
        using ExitWatch watch = reaper.Watch();
        Assert.Null(watch.TryFor(CurrentProcess.Id));
        Assert.Null(watch.TryFor(1));
        Assert.Null(watch.TryFor(-5));
    }

    [Fact]
    public async Task TwoWhoWaitForOnePidBothLearnOfItsEnd()
    {
        Task<ReapedExit> first = _reaper.ExitOf(77);
        Task<ReapedExit> second = _reaper.ExitOf(77);
        Task<ReapedExit> other = _reaper.ExitOf(78);
        _reaper.Deliver(new ReapedExit(77, 3, Now));
        Assert.Equal(3, (await first).Status);
        Assert.Equal(3, (await second).Status);
        Assert.False(other.IsCompleted);
    }

    [Fact]
    public async Task APidThatIsUsedAgainHasAnExitOfItsOwn()
    {
        Task<ReapedExit> first = _reaper.ExitOf(77);
        _reaper.Deliver(new ReapedExit(77, 1, Now));
        Task<ReapedExit> second = _reaper.ExitOf(77);
        Assert.False(second.IsCompleted);
        _reaper.Deliver(new ReapedExit(77, 2, Now));
        Assert.Equal(1, (await first).Status);
        Assert.Equal(2, (await second).Status);
    }

    [Fact]
    public void WhatGoesOnInsideADeliveryMayOpenWatchesAndExpectPids() => LoopTest.Run(async loop =>
    {
        async Task<ReapedExit> FollowAsync()
        {
            await _reaper.ExitOf(1);
            using ExitWatch watch = _reaper.Watch();
            return await watch.TryFor(1)!;
        }

        Task<ReapedExit> second = FollowAsync();
        _reaper.Deliver(new ReapedExit(1, 10, Now));
        await LoopTest.UntilAsync(() => _reaper.Expected == 1).WithTimeout(loop);
        _reaper.Deliver(new ReapedExit(1, 20, Now));
        Assert.Equal(20, (await second.WithTimeout(loop)).Status);
    });

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("kill -15 $$", 143)]
    public void TheStatusOfAChildIsItsCodeOr128AndTheSignal(string script, int status) => LoopTest.Run(async loop =>
    {
        int pid = Spawner.Spawn(new SpawnRequest { Path = "/bin/sh", Arguments = ["sh", "-c", script], Environment = [] });
        Task<ReapedExit> exit = _reaper.ExitOf(pid);
        await LoopTest.UntilAsync(() =>
        {
            _reaper.ReapAll();
            return exit.IsCompleted;
        }).WithTimeout(loop);
        Assert.Equal(status, (await exit).Status);
    });
}
