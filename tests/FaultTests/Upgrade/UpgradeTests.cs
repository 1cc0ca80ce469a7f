using ShimStack.Api.Control;
using ShimStack.Api.Events;
using ShimStack.Api.Task;
using ShimStack.FaultTests.Harness;
using ShimStack.ShimDriver.Stdio;

namespace ShimStack.FaultTests.Upgrade;

/// <summary>Another build takes the place of a real shim, and everything that was open goes on.</summary>
public class UpgradeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task TheOtherBuildAnswersTheCallAndIsTheSameProcess() => UpgradeStage.RunAsync(async stage =>
    {
        await stage.Fault.Daemon.Events.WaitAsync(static seen => seen.Topic == Topics.TaskStart, FaultStage.Soon, Cancellation);
        await stage.UpgradeAsync(stage.Builds.Second);
        await stage.UpgradeAsync(ShimBuilds.First);
        int descriptors = await stage.DescriptorsAtRestAsync(); // without a connection to the daemon, which has heard everything: that is made for the next event
        UpgradeResponse there = await stage.UpgradeAsync(stage.Builds.Second);
        Assert.Equal((stage.Builds.Version, stage.Builds.OtherVersion), (there.Upgrade.From, there.Upgrade.To));
        Assert.InRange(there.Upgrade.PauseUs, 100, 2_000_000);
        UpgradeResponse back = await stage.UpgradeAsync(ShimBuilds.First);
        Assert.Equal((stage.Builds.OtherVersion, stage.Builds.Version), (back.Upgrade.From, back.Upgrade.To));

        StatusResponse status = await stage.Control.StatusAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"pause {there.Upgrade.PauseUs} us, {back.Upgrade.PauseUs} us");
        Assert.Equal(back.Upgrade, status.Upgrade);
        Assert.Equal("running", Assert.Single(Assert.Single(status.Containers).Processes).State);
        Assert.Equal(descriptors, await stage.DescriptorsAtRestAsync());
        Assert.Equal("containerd-shim", File.ReadAllText($"/proc/{stage.Pid}/comm").Trim());
    });

    [Fact]
    public Task AWaitThatWasAskedBeforeIsAnsweredWithTheTrueCodeAfterwards() => UpgradeStage.RunAsync(async stage =>
    {
        Task<WaitResponse> wait = stage.Session.Tasks.WaitAsync(new WaitRequest { Id = stage.Fault.Id }, Cancellation);
        await stage.UpgradeAsync(stage.Builds.Second);
        Assert.False(wait.IsCompleted);
        stage.Fault.Release();
        Assert.Equal(Subject.Code, (await wait.WaitAsync(FaultStage.Soon, Cancellation)).ExitStatus);
    });

    [Fact]
    public Task AReaderThatIsAwayIsStillWaitedForAfterwards() => UpgradeStage.RunAsync(async stage =>
    {
        string path = stage.Session.Stdio.Stdout;
        stage.Session.Stdio.Output!.Dispose();
        await File.WriteAllTextAsync(Path.Combine(stage.Fault.Shared, "write"), "", Cancellation);
        Assert.True(await Until.TrueAsync(() => stage.OtherStatus().Containers[0].Processes[0].Streams.Any(static stream => stream.ReaderAway)));
        UpgradeResponse upgrade = await stage.UpgradeAsync(stage.Builds.Second);
        TestContext.Current.TestOutputHelper?.WriteLine($"pause {upgrade.Upgrade.PauseUs} us");
        using FifoReader reader = new(path);
        await reader.WaitForTextAsync(static text => text == "written\n", FaultStage.Soon);
        stage.Fault.Release();
        await stage.Session.WaitForExitEventAsync(Cancellation);
    }, Subject.Patient("until [ -e /shared/write ]; do sleep 0.01; done; echo written"));
}
