using ShimStack.Api.Task;
using ShimStack.FaultTests.Harness;
using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.FaultTests.Faults;

/// <summary>A runtime that says too much or the wrong thing, and processes that do not wait for it.</summary>
internal static class RuntimeOddFaults
{
    private const string Group = "The runtime is odd";
    private const int SIGTERM = 15;

    public static IEnumerable<Fault> All =>
    [
        .. new[] { "create", "start", "exec", "kill", "delete" }.Select(step => new Fault(
            Group, $"it writes 4 MiB to its standard error in {step}", "nothing else", stage => ShoutAsync(stage, step))),
        new Fault(Group, "create leaves no pid file", "the call fails, nothing is left", stage => PidFileAsync(stage, "rm $pidfile")),
        new Fault(
            Group,
            "create's pid file is empty",
            "the call fails, nothing is left",
            stage => PidFileAsync(stage, ": >$pidfile")),
        new Fault(
            Group,
            "create's pid file holds no number",
            "the call fails, nothing is left",
            stage => PidFileAsync(stage, "echo x1 >$pidfile")),
        new Fault(
            Group,
            "create's pid file names a process that is no container's",
            "the call fails, nothing is left, that process is not touched",
            ForeignInitAsync),
        new Fault(
            Group,
            "exec's pid file names a process that is no container's",
            "the call fails, that process is not touched",
            ForeignExecAsync),
        new Fault(Group, "the init ends between create and start", "its exit is told; start fails; delete works", EndsBeforeStartAsync),
        new Fault(Group, "the init ends at once", "start before exit", EndsAtOnceAsync),
        .. new[] { "exec", "kill", "pause", "update" }.Select(step => new Fault(
            Group,
            $"{step} hangs while the container ends by itself",
            "the exit is told meanwhile, Delete does not wait",
            stage => EndsMeanwhileAsync(stage, step))),
        new Fault(
            Group,
            "the init of a container without a pid namespace ends, and kill of the rest hangs",
            "the rest is killed nevertheless, and the exit is told, within 10 s",
            RestAsync) { IsLong = true },
        .. new[] { "start", "kill" }.Select(step => new Fault(
            Group, $"{step} hangs, and SIGKILL is sent", "the process ends at once", stage => KilledMeanwhileAsync(stage, step))),
    ];

    private static async Task ShoutAsync(FaultStage stage, string step)
    {
        stage.Runtime.Set(step, "before", FailingRuntime.Shout);
        SessionOptions quiet = new() { KeepsOutput = false };
        await stage.RunAsync(options: quiet);
        ShimExec exec = await stage.MustAsync("Exec", stage.Session.ExecAsync("e", Subject.HastyExec("e")));
        await stage.MustAsync("Start of an exec", exec.StartAsync());
        await stage.ExitsAsync(Subject.ExecCode, "e");
        await stage.MustAsync("Kill", stage.Session.KillAsync(SIGTERM, all: true));
        await stage.ExitsAsync(Subject.TermCode);
        await stage.RemoveAsync(Subject.TermCode, ["create", "start", "added e", "started e", "exit e", "exit", "delete"]);
    }

    private static async Task PidFileAsync(FaultStage stage, string after)
    {
        stage.Runtime.Set("create", "after", after);
        await stage.LaunchAsync();
        await stage.MustFailAsync("Create", stage.Session.CreateAsync(), reason: "pid");
        await stage.TakeDownAsync();
        await stage.EventsAreAsync([]);
        await stage.NothingIsLeftAsync();
    }

    private static async Task ForeignInitAsync(FaultStage stage)
    {
        using var stranger = new Stranger();
        await PidFileAsync(stage, $"printf {stranger.Pid} >$pidfile");
        stage.Findings.Check(stranger.Lives, "the other process is killed");
    }

    private static async Task ForeignExecAsync(FaultStage stage)
    {
        using var stranger = new Stranger();
        await stage.RunAsync();
        stage.Runtime.Set("exec", "after", $"printf {stranger.Pid} >$pidfile");
        ShimExec exec = await stage.MustAsync("Exec", stage.Session.ExecAsync("e", ["sleep", "1000"]));
        try
        {
            await exec.StartAsync().WaitAsync(FaultStage.Soon);
            await exec.KillAsync(9).WaitAsync(FaultStage.Soon);
            stage.Findings.Add("Start of the exec succeeds");
        }
        catch (Ttrpc.RpcException)
        {
            // As it should.
        }

        bool ends = await Until.TrueAsync(() => !stranger.Lives, TimeSpan.FromMilliseconds(200));
        stage.Findings.Check(!ends, "the other process is killed");
        await stage.FinishAsync(events: ["create", "start", "added e", "exit", "delete"]);
    }

    private static async Task EndsBeforeStartAsync(FaultStage stage)
    {
        await stage.LaunchAsync();
        int init = await stage.MustAsync("Create", stage.Session.CreateAsync());
        new RunningProcess(init).Signal(9);
        await stage.ExitsAsync(128 + 9);
        await stage.MustFailAsync("Start", stage.Session.StartAsync());
        await stage.RemoveAsync(128 + 9, ["create", "exit", "delete"]);
    }

    private static async Task EndsAtOnceAsync(FaultStage stage)
    {
        await stage.RunAsync(Subject.Hasty());
        await stage.FinishAsync();
    }

    private static async Task EndsMeanwhileAsync(FaultStage stage, string step)
    {
        await stage.RunAsync();
        stage.Runtime.Set(step, "before", FailingRuntime.Hang);
        Task hanging = step switch
        {
            "exec" => StartExecAsync(stage),
            "kill" => stage.Session.KillAsync(SIGTERM, all: true),
            "pause" => stage.Session.Tasks.PauseAsync(new PauseRequest { Id = stage.Id }),
            _ => stage.Session.Tasks.UpdateAsync(new UpdateTaskRequest { Id = stage.Id, Resources = Resources }),
        };
        stage.Findings.Check(await stage.Runtime.IsReachedAsync(), $"{step} does not ask the runtime");
        stage.Release();
        await stage.ExitIsToldAsync(Subject.Code, limit: TimeSpan.FromSeconds(3));
        _ = hanging.ContinueWith(static call => call.Exception, TaskScheduler.Default); // its answer is about a container that has gone
        await stage.FinishAsync(events: step == "exec" ? ["create", "start", "added e", "exit", "delete"] : null);
    }

    private static async Task StartExecAsync(FaultStage stage)
    {
        ShimExec exec = await stage.MustAsync("Exec", stage.Session.ExecAsync("e", Subject.HastyExec("e")));
        await exec.StartAsync();
    }

    private static async Task RestAsync(FaultStage stage)
    {
        await stage.RunAsync(Subject.Patient(before: "sleep 1000 & :") with { PrivatePidNamespace = false });
        stage.Runtime.Set("kill", "before", FailingRuntime.Hang);
        stage.Release();
        await stage.ExitIsToldAsync(Subject.Code, limit: TimeSpan.FromSeconds(10));
        await stage.FinishAsync();
    }

    private static async Task KilledMeanwhileAsync(FaultStage stage, string step)
    {
        await stage.LaunchAsync();
        int init = await stage.MustAsync("Create", stage.Session.CreateAsync());
        stage.Runtime.Set(step, "before", FailingRuntime.Hang);
        Task hanging = stage.Session.StartAsync();
        if (step == "kill")
        {
            await stage.MustAsync("Start", hanging);
            hanging = stage.Session.KillAsync(SIGTERM, all: true);
        }

        stage.Findings.Check(await stage.Runtime.IsReachedAsync(), $"{step} does not ask the runtime");
        await stage.MustAsync("Kill", stage.Session.KillAsync());
        stage.Findings.Check(await Until.TrueAsync(() => !new RunningProcess(init).IsAlive), "the process lives");
        stage.Runtime.LetGo();
        _ = hanging.ContinueWith(static call => call.Exception, TaskScheduler.Default);
        await stage.ExitsAsync(128 + 9);
        await stage.RemoveAsync(128 + 9, step == "kill" ? EndChecks.PlainLife : ["create", "exit", "delete"]);
    }

    private static Google.Protobuf.WellKnownTypes.Any Resources => new()
    {
        TypeUrl = "types.containerd.io/opencontainers/runtime-spec/1/LinuxResources",
        Value = Google.Protobuf.ByteString.CopyFromUtf8("""{"memory":{"limit":104857600}}"""),
    };
}
