using System.Diagnostics;
using ShimStack.Api.Control;
using ShimStack.Api.Task;
using ShimStack.FaultTests.Control;
using ShimStack.FaultTests.Harness;
using ShimStack.Ttrpc;

namespace ShimStack.FaultTests.Upgrade;

/// <summary>An upgrade that does not come to be leaves the shim as if nothing had been, and says why.</summary>
public class UpgradeRefusedTests
{
    private const int ENOEXEC = 8;
    private const int ENOMEM = 12;
    private const int EMFILE = 24;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task WhatIsNoBuildIsNotRun() => RunAsync(async stage =>
    {
        string folder = stage.Fault.Daemon.Root;
        Assert.Contains("/nowhere/shim cannot be read: open /nowhere/shim: ", await stage.RefusedAsync("/nowhere/shim"), StringComparison.Ordinal);
        Assert.Contains("is no absolute path", await stage.RefusedAsync("shim"), StringComparison.Ordinal);
        Assert.Contains("is no regular file", await stage.RefusedAsync(folder), StringComparison.Ordinal);
        Assert.Contains("is a program of another architecture", await stage.RefusedAsync(
            stage.Builds.Make("arm", static program => program[18] = 0xb7)), StringComparison.Ordinal);
        Assert.Contains("is no build of the shim that can go on: it does not know -check-state", await stage.RefusedAsync(
            Copy("/bin/true", folder)), StringComparison.Ordinal);
        Assert.Contains("cannot go on: its check ended with 1", await stage.RefusedAsync(Copy("/bin/false", folder)), StringComparison.Ordinal);
        Assert.Contains("cannot go on: ", await stage.RefusedAsync(Copy("/bin/sleep", folder)), StringComparison.Ordinal);
        string everybodys = stage.Builds.Make("everybodys", static _ => { });
        File.SetUnixFileMode(everybodys, (UnixFileMode)0b111_000_010);
        Assert.Contains("may be written by others (mode 702)", await stage.RefusedAsync(everybodys), StringComparison.Ordinal);
    });

    [Fact]
    public Task ACheckThatHangsIsEndedInTime() => RunAsync(async stage =>
    {
        long begun = Stopwatch.GetTimestamp();
        stage.Fail("start", 0);
        string refusal = await stage.RefusedAsync(stage.Builds.Second, TimeSpan.FromMilliseconds(300));
        Assert.Contains("has not said in time whether it can go on", refusal, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalMilliseconds, 250, 4000);
    });

    [Theory]
    [InlineData("memfd_create", ENOMEM, "(ENOMEM)")]
    [InlineData("memfd_create", EMFILE, "(EMFILE)")]
    [InlineData("execveat", ENOMEM, "(ENOMEM)")]
    [InlineData("execveat", ENOEXEC, "(ENOEXEC)")]
    public Task ACallThatFailsChangesNothing(string call, int errno, string named) => RunAsync(async stage =>
    {
        stage.Fail(call, errno);
        Assert.Contains(named, await stage.RefusedAsync(stage.Builds.Second), StringComparison.Ordinal);
        await stage.UpgradeAsync(stage.Builds.Second);
    });

    [Fact]
    public Task ABuildThatCannotGoOnPutsTheOneBeforeBack() => RunAsync(async stage =>
    {
        stage.Fail("signalfd", EMFILE);
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => stage.Control.UpgradeAsync(stage.Builds.Second));
        Assert.Matches($"^{stage.Builds.OtherVersion}, {stage.Builds.Second}, could not go on, and {stage.Builds.Version} is back: .*EMFILE", failure.Message);
        StatusResponse status = await stage.Control.StatusAsync();
        Assert.Equal((stage.Builds.Version, failure.Message), (status.Version, status.Upgrade.Failure));
        await stage.UpgradeAsync(stage.Builds.Second);
    });

    [Fact]
    public Task ABuildThatHangsIsReplacedByTheOneBefore() => RunAsync(async stage =>
    {
        long begun = Stopwatch.GetTimestamp();
        stage.Fail("signalfd_hangs", 0);
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => stage.Control.UpgradeAsync(stage.Builds.Second));
        Assert.Matches($"^{stage.Builds.OtherVersion}, {stage.Builds.Second}, could not go on, and {stage.Builds.Version} is back: .*within 4 s", failure.Message);
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalSeconds, 3.5, 15);
        StatusResponse status = await stage.Control.StatusAsync();
        Assert.Equal((stage.Builds.Version, failure.Message), (status.Version, status.Upgrade.Failure));
        await stage.UpgradeAsync(stage.Builds.Second);
    });

    [Fact]
    public Task AFileThatIsOverwrittenBetweenCheckAndExecChangesNothing() => BetweenCheckAndExecAsync(
        static stage =>
        {
            using FileStream file = new(stage.Builds.Second, FileMode.Open, FileAccess.Write);
            file.Write(new byte[4096]);
        },
        "(ENOEXEC)");

    [Fact]
    public Task NoMemoryForTheStateThatIsHandedOverChangesNothing() =>
        BetweenCheckAndExecAsync(static stage => stage.Fail("memfd_create", ENOMEM), "cannot be executed: memfd_create shimstack-state: Cannot allocate memory (ENOMEM)");

    [Fact]
    public Task ARuntimeThatHangsIsNamedAndNothingElseWaitsForIt() => RunAsync(async stage =>
    {
        stage.Fault.Runtime.Set("pause", "before", FailingRuntime.Hang);
        Task pause = stage.Session.Tasks.PauseAsync(new PauseRequest { Id = stage.Fault.Id }, Cancellation);
        Assert.True(await stage.Fault.Runtime.IsReachedAsync());
        string refusal = await stage.RefusedAsync(stage.Builds.Second, TimeSpan.FromMilliseconds(2600), comparesDescriptors: false);
        Assert.Matches($"^no upgrade within 2.6 s: the runtime's pause of {stage.Fault.Id}, pid [0-9]+, has not ended for", refusal);
        stage.Fault.Runtime.LetGo();
        await pause;
        await stage.UpgradeAsync(stage.Builds.Second);
        Assert.Equal(Api.Types.Status.Paused, (await stage.Session.Tasks.StateAsync(new StateRequest { Id = stage.Fault.Id }, Cancellation)).Status);
        await stage.Session.Tasks.ResumeAsync(new ResumeRequest { Id = stage.Fault.Id }, Cancellation);
        stage.Events = ["create", "start", "paused", "resumed", "exit", "delete"];
    });

    [Fact]
    public Task ACallThatComesWhileOthersEndIsServedAfterwards() => RunAsync(async stage =>
    {
        stage.Fault.Runtime.Set("pause", "before", FailingRuntime.Hang);
        Task pause = stage.Session.Tasks.PauseAsync(new PauseRequest { Id = stage.Fault.Id }, Cancellation);
        Assert.True(await stage.Fault.Runtime.IsReachedAsync());
        Task<UpgradeResponse> upgrade = stage.UpgradeAsync(stage.Builds.Second);
        // Sooner or later requests are not read any more.
        Task<StateResponse>? state = null;
        Assert.True(await Until.TrueAsync(() => !(state = stage.Session.Tasks.StateAsync(new StateRequest { Id = stage.Fault.Id }, Cancellation)).Wait(200)));
        stage.Fault.Runtime.LetGo();
        await pause;
        await upgrade;
        Assert.Equal(Api.Types.Status.Paused, (await state!.WaitAsync(FaultStage.Soon, Cancellation)).Status);
        await stage.Session.Tasks.ResumeAsync(new ResumeRequest { Id = stage.Fault.Id }, Cancellation);
        stage.Events = ["create", "start", "paused", "resumed", "exit", "delete"];
    });

    [Fact]
    public Task ASecondUpgradeAtTheSameTimeIsRefused() => RunAsync(async stage =>
    {
        stage.Fail("start", 0);
        Task<string> first = stage.RefusedAsync(stage.Builds.Second, TimeSpan.FromSeconds(1), comparesDescriptors: false);
        Assert.True(await Until.TrueAsync(() => stage.OtherStatus().RuntimeCalls.Any(static call => call is { Command: "check-state", Outcome.Length: 0 })));
        await using (ControlClient other = await ControlClient.ConnectAsync(stage.Session))
        {
            RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => other.UpgradeAsync(stage.Builds.Second));
            Assert.Contains("another upgrade is on its way", refusal.Message, StringComparison.Ordinal);
        }

        await first;
    });

    // The container writes and is asked for all the time, and a Wait is open: nobody notices.
    private static Task RunAsync(Func<UpgradeStage, Task> test) => UpgradeStage.RunAsync(async stage =>
    {
        Task<WaitResponse> wait = stage.Session.Tasks.WaitAsync(new WaitRequest { Id = stage.Fault.Id }, Cancellation);
        await test(stage);
        Assert.False(wait.IsCompleted);
        stage.Fault.Release();
        Assert.Equal(Subject.Code, (await wait.WaitAsync(FaultStage.Soon, Cancellation)).ExitStatus);
        await stage.Session.Stdio.Output!.WaitForTextAsync(static text => text == "begun\nended\n", FaultStage.Soon);
    }, Subject.Patient("echo begun", "echo ended"));

    // The runtime hangs after the check and before the exec, so that there is time.
    private static Task BetweenCheckAndExecAsync(Action<UpgradeStage> act, string named) => RunAsync(async stage =>
    {
        stage.Fault.Runtime.Set("pause", "before", FailingRuntime.Hang);
        Task pause = stage.Session.Tasks.PauseAsync(new PauseRequest { Id = stage.Fault.Id }, Cancellation);
        Assert.True(await stage.Fault.Runtime.IsReachedAsync());
        Task<string> refused = stage.RefusedAsync(stage.Builds.Second, comparesDescriptors: false);
        Assert.True(await Until.TrueAsync(() => stage.OtherStatus().RuntimeCalls.Any(static call => call.Command == "check-state" && call.Outcome.Length > 0)));
        act(stage);
        stage.Fault.Runtime.LetGo();
        await pause;
        Assert.Contains(named, await refused, StringComparison.Ordinal);
        await stage.Session.Tasks.ResumeAsync(new ResumeRequest { Id = stage.Fault.Id }, Cancellation);
        stage.Events = ["create", "start", "paused", "resumed", "exit", "delete"];
    });

    private static string Copy(string program, string folder)
    {
        string copy = Path.Combine(folder, Path.GetFileName(program));
        File.Copy(File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program, copy);
        return copy;
    }
}
