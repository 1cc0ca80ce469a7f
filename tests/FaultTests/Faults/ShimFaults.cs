using ShimStack.Api.Task;
using ShimStack.FaultTests.Harness;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.FaultTests.Faults;

/// <summary>The shim itself is stopped or killed; after its death its delete action is run, as a daemon does.</summary>
internal static class ShimFaults
{
    private const string Group = "The shim itself";
    private const string Reported = "the delete action reports a kill (137), nothing is left";
    private const int SIGKILL = 9;
    private const int SIGCONT = 18;
    private const int SIGSTOP = 19;

    public static IEnumerable<Fault> All =>
    [
        new Fault(
            Group,
            "it is stopped (SIGSTOP) for 1 s while the container ends",
            "the true code, and a time not before the end nor after the stop",
            StoppedAsync),
        new Fault(Group, "it is killed while create hangs", "the delete action leaves nothing", KilledInCreateAsync),
        new Fault(Group, "it is killed after create", Reported, stage => KilledAsync(stage, start: false)),
        new Fault(Group, "it is killed while the container runs", Reported, stage => KilledAsync(stage, start: true)),
        new Fault(Group, "it is killed while an exec runs", Reported, KilledWithExecAsync),
        new Fault(
            Group,
            "it is killed after the container has ended",
            "the delete action reports the true code and time, nothing is left",
            KilledAfterExitAsync),
        new Fault(
            Group,
            "it is killed while delete hangs",
            "the delete action reports the true code and time, nothing is left",
            KilledInDeleteAsync),
        new Fault(
            Group,
            "it is killed after delete, and the daemon has not heard the answer",
            "the delete action reports the true code and time, nothing is left",
            KilledAfterDeleteAsync),
        new Fault(
            Group,
            "it is killed after an exec has ended while the daemon was away",
            "the exit of the exec is told with its true code and time",
            ExecUntoldAsync),
        new Fault(
            Group,
            "it is ended by SIGTERM while the container runs",
            "the container runs on until the delete action; nothing is left",
            TerminatedAsync),
    ];

    private static async Task StoppedAsync(FaultStage stage)
    {
        await stage.RunAsync();
        stage.Session.Process!.Signal(SIGSTOP);
        stage.Release();
        await Until.TrueAsync(() => ExitChecks.NotedEnd(stage, "") is not null);
        await Task.Delay(TimeSpan.FromSeconds(1));
        DateTimeOffset goesOn = DateTimeOffset.UtcNow;
        stage.Session.Process.Signal(SIGCONT);
        await stage.ExitsAsync(Subject.Code, until: goesOn);
        await stage.RemoveAsync(Subject.Code);
    }

    private static async Task KilledInCreateAsync(FaultStage stage)
    {
        stage.Runtime.Set("create", "after", FailingRuntime.Hang);
        await stage.LaunchAsync();
        _ = stage.Session.CreateAsync();
        stage.Findings.Check(await stage.Runtime.IsReachedAsync(), "Create does not ask the runtime");
        await CleanUpAsync(stage, code: null);
    }

    private static async Task KilledAsync(FaultStage stage, bool start)
    {
        await stage.LaunchAsync();
        await stage.MustAsync("Create", stage.Session.CreateAsync());
        if (start)
        {
            await stage.MustAsync("Start", stage.Session.StartAsync());
        }

        await CleanUpAsync(stage, 128 + SIGKILL);
    }

    private static async Task KilledWithExecAsync(FaultStage stage)
    {
        await stage.RunAsync();
        ShimExec exec = await stage.MustAsync("Exec", stage.Session.ExecAsync("e", ["sleep", "1000"]));
        await stage.MustAsync("Start of an exec", exec.StartAsync());
        await CleanUpAsync(stage, 128 + SIGKILL);
    }

    private static async Task KilledAfterExitAsync(FaultStage stage)
    {
        await stage.RunAsync();
        stage.Release();
        await stage.ExitsAsync(Subject.Code);
        await CleanUpAsync(stage, Subject.Code);
        await stage.EventsAreAsync(["create", "start", "exit"]);
    }

    private static async Task KilledInDeleteAsync(FaultStage stage)
    {
        await stage.RunAsync();
        stage.Release();
        await stage.ExitsAsync(Subject.Code);
        stage.Runtime.Set("delete", "before", FailingRuntime.Hang);
        _ = stage.Session.DeleteAsync();
        stage.Findings.Check(await stage.Runtime.IsReachedAsync(), "Delete does not ask the runtime");
        await CleanUpAsync(stage, Subject.Code);
        await stage.EventsAreAsync(["create", "start", "exit"]);
    }

    // The daemon was killed: the next one knows of no Delete, finds the shim dead, and announces what the action tells.
    private static async Task KilledAfterDeleteAsync(FaultStage stage)
    {
        await stage.RunAsync();
        stage.Release();
        await stage.ExitsAsync(Subject.Code);
        await stage.MustAsync("Delete", stage.Session.DeleteAsync());
        await CleanUpAsync(stage, Subject.Code);
    }

    private static async Task ExecUntoldAsync(FaultStage stage)
    {
        await stage.RunAsync();
        ShimExec exec = await stage.MustAsync("Exec", stage.Session.ExecAsync("e", Subject.HastyExec("e")));
        await stage.Daemon.GoAwayAsync();
        await stage.MustAsync("Start of an exec", exec.StartAsync());
        await stage.MustAsync("Wait", exec.WaitAsync());
        stage.Session.Process!.Signal(SIGKILL);
        await stage.Session.Process.WaitForEndAsync(FaultStage.Soon);
        stage.Daemon.ComeBack();
        await CleanUpAsync(stage, 128 + SIGKILL);
        await stage.ExitIsToldAsync(Subject.ExecCode, "e");
        bool isToldTwice = stage.Daemon.Events.Events.Any(e => e.IsExitOf(stage.Id, stage.Id));
        stage.Findings.Check(!isToldTwice, "the delete action tells the exit that the daemon tells");
    }

    private static async Task TerminatedAsync(FaultStage stage)
    {
        await stage.RunAsync();
        stage.Session.Process!.Signal(15);
        stage.Findings.Check(await stage.Session.Process.WaitForEndAsync(FaultStage.Soon), "it does not end");
        await CleanUpAsync(stage, 128 + SIGKILL);
    }

    // What a daemon does when the connection ends: the delete action, within 5 s.
    private static async Task CleanUpAsync(FaultStage stage, uint? code)
    {
        stage.Session.Process!.Signal(SIGKILL);
        await stage.Session.Process.WaitForEndAsync(FaultStage.Soon);
        DateTimeOffset before = DateTimeOffset.UtcNow;
        DeleteResponse response = await stage.MustAsync("delete action", stage.Session.Action.DeleteAsync(default));
        if (code is { } expected)
        {
            bool wasKilled = ExitChecks.NotedEnd(stage, "") is null;
            ExitChecks.CheckExit(stage, "delete action: ", expected, "", response.ExitStatus, response.ExitedAt);
            bool isInTime = !wasKilled || response.ExitedAt.ToDateTimeOffset() >= before;
            stage.Findings.Check(isInTime, "delete action: a time of exit before the exit");
        }

        stage.Runtime.LetGo();
        await stage.NothingIsLeftAsync();
    }
}
