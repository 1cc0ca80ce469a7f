using ShimStack.FaultTests.Harness;
using ShimStack.ShimDriver.Shims;
using ShimStack.Ttrpc;

namespace ShimStack.FaultTests.Faults;

/// <summary>The runtime hangs for good, and the call is cut: by the limit of runtime calls, or because its caller gives up or dies.</summary>
internal static class RuntimeCutFaults
{
    private const string Group = "The runtime hangs, and the call is cut";
    private const int SIGTERM = 15;

    private static readonly Dictionary<string, string> ShortLimit = new() { ["SHIMSTACK_RUNTIME_TIMEOUT"] = "700ms" };
    private static readonly SessionOptions Impatient = new() { CallTimeout = TimeSpan.FromMilliseconds(700) };

    public static IEnumerable<Fault> All =>
    [
        new Fault(
            Group,
            "create hangs longer than runtime calls may take",
            "the call says so, nothing is left",
            CutCreateAsync) { Settings = ShortLimit },
        new Fault(
            Group,
            "start hangs longer than runtime calls may take",
            "the call says so; start works when tried again",
            CutStartAsync) { Settings = ShortLimit },
        new Fault(
            Group,
            "exec hangs longer than runtime calls may take",
            "the call says so, the exec has ended, the container goes on",
            CutExecAsync) { Settings = ShortLimit },
        new Fault(
            Group,
            "kill hangs longer than runtime calls may take",
            "the call says so; kill works when tried again",
            CutKillAsync) { Settings = ShortLimit },
        new Fault(
            Group,
            "delete hangs longer than runtime calls may take",
            "the call says so; delete works when tried again",
            CutDeleteAsync) { Settings = ShortLimit },
        new Fault(Group, "create hangs longer than its caller waits", "the hanging runtime ends, nothing is left", ImpatientCreateAsync),
        new Fault(
            Group,
            "create hangs, and the daemon dies",
            "the hanging runtime ends, nothing is left",
            LonelyCreateAsync),
        new Fault(
            Group,
            "delete hangs, and the daemon dies",
            "the hanging runtime ends; the next daemon gets the true code, and deletes",
            LonelyDeleteAsync),
        new Fault(Group, "exec hangs, and the daemon dies", "the hanging runtime ends, the container goes on", LonelyExecAsync),
    ];

    private static async Task CutCreateAsync(FaultStage stage)
    {
        stage.Runtime.Set("create", "after", FailingRuntime.Hang);
        await stage.LaunchAsync();
        await stage.IsCutAsync("Create", stage.Session.CreateAsync());
        await stage.TakeDownAsync();
        await stage.EventsAreAsync([]);
        await stage.NothingIsLeftAsync();
    }

    private static async Task CutStartAsync(FaultStage stage)
    {
        stage.Runtime.Set("start", "before", FailingRuntime.Hang);
        await stage.LaunchAsync();
        await stage.MustAsync("Create", stage.Session.CreateAsync());
        await stage.IsCutAsync("Start", stage.Session.StartAsync());
        await stage.MustAsync("Start, again", stage.Session.StartAsync());
        await stage.FinishAsync();
    }

    private static async Task CutExecAsync(FaultStage stage)
    {
        stage.Runtime.Set("exec", "before", FailingRuntime.Hang);
        await stage.RunAsync();
        ShimExec exec = await stage.MustAsync("Exec", stage.Session.ExecAsync("e", Subject.HastyExec("e")));
        Task wait = exec.WaitAsync();
        await stage.IsCutAsync("Start of an exec", exec.StartAsync());
        await stage.MustAsync("Wait of the exec", wait);
        await stage.MustAsync("Delete of the exec", exec.DeleteAsync());
        await stage.FinishAsync(events: ["create", "start", "added e", "exit", "delete"]);
    }

    private static async Task CutKillAsync(FaultStage stage)
    {
        stage.Runtime.Set("kill", "before", FailingRuntime.Hang);
        await stage.RunAsync();
        await stage.IsCutAsync("Kill", stage.Session.KillAsync(SIGTERM, all: true));
        await stage.MustAsync("Kill, again", stage.Session.KillAsync(SIGTERM, all: true));
        await stage.ExitsAsync(Subject.TermCode);
        await stage.RemoveAsync(Subject.TermCode);
    }

    private static async Task CutDeleteAsync(FaultStage stage)
    {
        stage.Runtime.Set("delete", "before", FailingRuntime.Hang);
        await stage.RunAsync();
        stage.Release();
        await stage.ExitsAsync(Subject.Code);
        await stage.IsCutAsync("Delete", stage.Session.DeleteAsync());
        await stage.RemoveAsync(Subject.Code);
    }

    private static async Task ImpatientCreateAsync(FaultStage stage)
    {
        stage.Runtime.Set("create", "after", FailingRuntime.Hang);
        await stage.LaunchAsync(options: Impatient);
        RpcException failure = await stage.MustFailAsync("Create", stage.Session.CreateAsync());
        stage.Findings.Check(failure.Code == RpcCode.DeadlineExceeded, $"Create fails with {failure.Code}");
        await stage.ContainerEndsAsync();
        await stage.MustAsync("Connect", stage.Session.ConnectAsync());
        await stage.TakeDownAsync();
        await stage.EventsAreAsync([]);
        await stage.NothingIsLeftAsync();
    }

    private static async Task LonelyCreateAsync(FaultStage stage)
    {
        stage.Runtime.Set("create", "after", FailingRuntime.Hang);
        await stage.LaunchAsync();
        _ = stage.Session.CreateAsync();
        stage.Findings.Check(await stage.Runtime.IsReachedAsync(), "Create does not ask the runtime");
        await stage.DaemonDiesAsync();
        await stage.ContainerEndsAsync();
        await stage.DaemonIsBackAsync();
        await stage.TakeDownAsync();
        await stage.EventsAreAsync([]);
        await stage.NothingIsLeftAsync();
    }

    private static async Task LonelyDeleteAsync(FaultStage stage)
    {
        await stage.RunAsync();
        stage.Runtime.Set("delete", "before", FailingRuntime.Hang);
        stage.Release();
        await stage.ExitsAsync(Subject.Code);
        _ = stage.Session.DeleteAsync();
        stage.Findings.Check(await stage.Runtime.IsReachedAsync(), "Delete does not ask the runtime");
        await stage.DaemonDiesAsync();
        await stage.RuntimeEndsAsync();
        await stage.DaemonIsBackAsync();
        await stage.FinishAsync(repeats: true);
    }

    private static async Task LonelyExecAsync(FaultStage stage)
    {
        await stage.RunAsync();
        stage.Runtime.Set("exec", "before", FailingRuntime.Hang);
        ShimExec exec = await stage.MustAsync("Exec", stage.Session.ExecAsync("e", Subject.HastyExec("e")));
        _ = exec.StartAsync();
        stage.Findings.Check(await stage.Runtime.IsReachedAsync(), "Start of an exec does not ask the runtime");
        await stage.DaemonDiesAsync();
        await stage.RuntimeEndsAsync();
        await stage.DaemonIsBackAsync();
        await stage.FinishAsync(events: ["create", "start", "added e", "exit", "delete"], repeats: true);
    }

    // Named, and in time: the limit is 700 ms.
    private static async Task IsCutAsync(this FaultStage stage, string what, Task call)
    {
        RpcException failure = await stage.MustFailAsync(what, call, reason: "runc");
        stage.Findings.Check(failure.Code == RpcCode.DeadlineExceeded, $"{what} fails with {failure.Code}");
        await stage.RuntimeEndsAsync();
    }
}
