using ShimStack.FaultTests.Harness;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.FaultTests.Faults;

/// <summary>The runtime hangs for a while, is slow, or is killed, before and after each of its steps in the life of a container.</summary>
internal static class RuntimeStepFaults
{
    private const string Group = "The runtime, step by step";
    private const int SIGTERM = 15;

    private static readonly string[] Steps = ["create", "start", "exec", "kill", "delete"];
    private static readonly string[] Places = ["before", "after"];

    public static IEnumerable<Fault> All => Steps.SelectMany(_ => Places, (step, place) => (step, place)).SelectMany(Of);

    private static IEnumerable<Fault> Of((string Step, string Place) at)
    {
        string others = at.Step is "exec" or "kill" ? ", kills of other processes" : "";
        string promise = $"State, Pids, Connect, Stats{others} are answered meanwhile; then all goes on";
        yield return Of(at, "hangs", promise, FailingRuntime.Hang);
        yield return Of(at, "is slow", "nothing else", FailingRuntime.Slow);
        yield return Of(at, "is killed", PromiseOfDeath(at.Step, at.Place), FailingRuntime.Die);
    }

    private static Fault Of((string Step, string Place) at, string does, string promise, string what) =>
        new(Group, $"it {does} {at.Place} {at.Step}", promise, stage => LiveAsync(stage, at.Step, at.Place, what));

    private static string PromiseOfDeath(string step, string place) => (step, place) switch
    {
        ("create", _) => "the call fails, nothing is left",
        ("start", "after") => "the call fails; the container can be killed and deleted",
        ("exec", _) => "the call fails, and the exec's Wait ends; the container goes on",
        _ => "the call fails, and works when it is tried again",
    };

    // A whole life; at the chosen step something happens.
    private static async Task LiveAsync(FaultStage stage, string step, string place, string what)
    {
        FailingStep failing = new(stage, step, place, what);
        await stage.LaunchAsync();
        if (!await failing.RunAsync("create", () => stage.Session.CreateAsync(), isThere: false))
        {
            await AfterFailedCreateAsync(stage);
            return;
        }

        if (!await failing.RunAsync("start", () => stage.Session.StartAsync()))
        {
            await AfterFailedStartAsync(stage, place);
            return;
        }

        bool execFailed = await RunExecAsync(stage, failing);
        if (!await failing.RunAsync("kill", () => stage.Session.KillAsync(SIGTERM, all: true), other: "other") && place == "before")
        {
            await stage.MustAsync("Kill, again", stage.Session.KillAsync(SIGTERM, all: true));
        }

        await stage.ExitsAsync(Subject.TermCode);
        await stage.ExitIsToldAsync(128 + SIGTERM, "other");
        if (!await failing.RunAsync("delete", () => stage.Session.DeleteAsync()))
        {
            await stage.MustAsync("Delete, again", stage.Session.DeleteAsync());
        }

        await stage.DeleteIsToldAsync();
        await stage.TakeDownAsync();
        string[] ofExec = execFailed ? ["added short"] : ["added short", "started short", "exit short"];
        await stage.EventsAreAsync(["create", "start", "added other", "started other", .. ofExec, "exit other", "exit", "delete"]);
        await stage.NothingIsLeftAsync();
    }

    private static async Task<bool> RunExecAsync(FaultStage stage, FailingStep failing)
    {
        ShimExec other = await stage.MustAsync("Exec", stage.Session.ExecAsync("other", ["sleep", "1000"]));
        await stage.MustAsync("Start of an exec", failing.WithoutAsync(() => other.StartAsync()));
        ShimExec exec = await stage.MustAsync("Exec", stage.Session.ExecAsync("short", Subject.HastyExec("short")));
        Task wait = exec.WaitAsync();
        bool started = await failing.RunAsync("exec", () => exec.StartAsync(), other: "other");
        if (started)
        {
            await stage.ExitsAsync(Subject.ExecCode, "short");
        }

        await stage.MustAsync("Wait of the exec", wait);
        await stage.MustAsync("Delete of the exec", exec.DeleteAsync());
        return !started;
    }

    private static async Task AfterFailedCreateAsync(FaultStage stage)
    {
        await stage.TakeDownAsync();
        await stage.EventsAreAsync([]);
        await stage.NothingIsLeftAsync();
    }

    private static async Task AfterFailedStartAsync(FaultStage stage, string place)
    {
        if (place == "before")
        {
            await stage.MustAsync("Start, again", stage.Session.StartAsync());
            await stage.FinishAsync();
            return;
        }

        await stage.MustAsync("Kill", stage.Session.KillAsync());
        await stage.ExitsAsync(128 + 9);
        await stage.RemoveAsync(128 + 9, ["create", "exit", "delete"]);
    }
}
