using ShimStack.FaultTests.Harness;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.FaultTests.Faults;

/// <summary>The daemon dies and comes back, or does not do with events what it should.</summary>
internal static class DaemonFaults
{
    private const string Group = "The daemon";
    private const string Promise = "the exit is told with its true code and time, all events in their order";

    private static readonly string[] WithExec = ["create", "start", "added e", "started e", "exit e", "exit", "delete"];

    public static IEnumerable<Fault> All =>
    [
        .. new[] { "create", "start", "exec", "the exit" }.Select(step =>
            new Fault(Group, $"it is killed after {step}, and is back after 1 s", Promise, stage => DiesAfterAsync(stage, step))),
        new Fault(
            Group,
            "it is killed, and is back 20 s after the container has ended",
            Promise,
            stage => AwayAsync(stage, TimeSpan.FromSeconds(20))) { IsLong = true },
        new Fault(Group, "it closes its half of the connection for events", Promise, HalfCloseAsync),
        new Fault(
            Group,
            "it refuses events with Unavailable for 2 s",
            Promise,
            stage => RefusesAsync(stage, EventAnswer.RefusedForNow, TimeSpan.FromSeconds(2))),
        new Fault(Group, "it does not answer events for 7 s, and is killed then", Promise, NeverAnswersAsync) { IsLong = true },
        new Fault(Group, "it does not answer events for 20 s, and takes them then", Promise,
            stage => RefusesAsync(stage, EventAnswer.None, TimeSpan.FromSeconds(20))) { IsLong = true },
        new Fault(
            Group,
            "it takes 100 ms for each event, and calls Shutdown as soon as Delete is answered",
            "all events arrive",
            EndsEarlyAsync),
        new Fault(
            Group,
            "it refuses an event for good (InvalidArgument)",
            "that event is passed over, logged, and does not hold up the next",
            RefusesForGoodAsync),
    ];

    private static async Task DiesAfterAsync(FaultStage stage, string step)
    {
        await stage.LaunchAsync();
        await stage.MustAsync("Create", stage.Session.CreateAsync());
        await RestartIfAsync(stage, step == "create");
        await stage.MustAsync("Start", stage.Session.StartAsync());
        await RestartIfAsync(stage, step == "start");
        ShimExec exec = await stage.MustAsync("Exec", stage.Session.ExecAsync("e", Subject.HastyExec("e")));
        await stage.MustAsync("Start of an exec", exec.StartAsync());
        await RestartIfAsync(stage, step == "exec");
        await stage.ExitsAsync(Subject.ExecCode, "e");
        stage.Release();
        await Until.TrueAsync(() => ExitChecks.NotedEnd(stage, "") is not null);
        await RestartIfAsync(stage, step == "the exit");
        await stage.FinishAsync(events: WithExec, repeats: true);
    }

    private static async Task AwayAsync(FaultStage stage, TimeSpan time)
    {
        await stage.RunAsync();
        await stage.DaemonDiesAsync();
        stage.Release();
        await Task.Delay(time);
        await stage.DaemonIsBackAsync();
        await stage.FinishAsync(repeats: true);
    }

    private static async Task HalfCloseAsync(FaultStage stage)
    {
        await stage.RunAsync();
        await stage.EventsAreAsync(["create", "start"]);
        stage.Daemon.HalfClose();
        await stage.FinishAsync(repeats: true);
    }

    private static async Task RefusesAsync(FaultStage stage, EventAnswer answer, TimeSpan time)
    {
        await stage.RunAsync();
        await stage.EventsAreAsync(["create", "start"]);
        stage.Daemon.Answer = answer;
        stage.Release();
        await Task.Delay(time);
        stage.Daemon.Answer = EventAnswer.Taken;
        await stage.ExitIsToldAsync(Subject.Code, limit: TimeSpan.FromSeconds(10));
        await stage.FinishAsync(repeats: true);
    }

    private static async Task EndsEarlyAsync(FaultStage stage)
    {
        stage.Daemon.Answer = EventAnswer.TakenSlowly;
        await stage.RunAsync();
        stage.Release();
        await stage.ExitsAsync(Subject.Code);
        await stage.MustAsync("Delete", stage.Session.DeleteAsync());
        await stage.TakeDownAsync();
        await stage.EventsAreAsync(EndChecks.PlainLife);
        await stage.NothingIsLeftAsync();
    }

    private static async Task NeverAnswersAsync(FaultStage stage)
    {
        await stage.RunAsync();
        await stage.EventsAreAsync(["create", "start"]);
        stage.Daemon.Answer = EventAnswer.None;
        stage.Release();
        await Task.Delay(TimeSpan.FromSeconds(7));
        await stage.DaemonDiesAsync();
        stage.Daemon.Answer = EventAnswer.Taken;
        await stage.DaemonIsBackAsync();
        await stage.ExitIsToldAsync(Subject.Code, limit: TimeSpan.FromSeconds(10));
        await stage.FinishAsync(repeats: true);
    }

    private static async Task RefusesForGoodAsync(FaultStage stage)
    {
        await stage.RunAsync();
        await stage.EventsAreAsync(["create", "start"]);
        stage.Daemon.Answer = EventAnswer.RefusedForGood;
        ShimExec exec = await stage.MustAsync("Exec", stage.Session.ExecAsync("e", Subject.HastyExec("e")));
        await Until.TrueAsync(() => stage.Log.Contains("does not want", StringComparison.Ordinal), TimeSpan.FromSeconds(1));
        stage.Findings.Check(stage.Log.Contains("does not want", StringComparison.Ordinal), "the refusal is not in the log");
        stage.Daemon.Answer = EventAnswer.Taken;
        await stage.MustAsync("Start of an exec", exec.StartAsync());
        await stage.ExitsAsync(Subject.ExecCode, "e");
        await stage.FinishAsync(events: [.. WithExec.Where(name => name != "added e")]);
    }

    private static async Task RestartIfAsync(FaultStage stage, bool condition)
    {
        if (condition)
        {
            await stage.DaemonDiesAsync();
            await Task.Delay(TimeSpan.FromSeconds(1));
            await stage.DaemonIsBackAsync();
        }
    }
}
