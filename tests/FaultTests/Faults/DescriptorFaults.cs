using ShimStack.Api.Task;
using ShimStack.FaultTests.Harness;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.FaultTests.Faults;

/// <summary>The shim may open no more descriptors.</summary>
internal static class DescriptorFaults
{
    private const string Group = "The shim has reached its limit of descriptors";

    public static IEnumerable<Fault> All =>
    [
        new Fault(Group, "create is asked for", "create fails; once there are descriptors again, all goes on", CreateAsync),
        new Fault(Group, "an exec is asked for", "the exec fails, all reads are answered, the container goes on", ExecAsync),
        new Fault(Group, "the container ends", "the exit is told as always", EndAsync),
        new Fault(
            Group,
            "a daemon connects",
            "it is served as soon as there are descriptors again",
            ConnectAsync),
        new Fault(
            Group,
            "the daemon is killed and comes back, and the container ends",
            "the exit is told as soon as there are descriptors again",
            RestartAsync),
    ];

    private static async Task CreateAsync(FaultStage stage)
    {
        await stage.LaunchAsync();
        DescriptorLimit limit = new(stage.Session.Process!);
        await limit.SetAsync();
        await stage.MustFailAsync("Create", stage.Session.CreateAsync(), reason: "too many open files");
        await limit.LiftAsync();
        await stage.MustAsync("Connect", stage.Session.Tasks.ConnectAsync(new ConnectRequest { Id = stage.Id }));
        await stage.TakeDownAsync();
        await stage.EventsAreAsync([]);
        await stage.NothingIsLeftAsync();
    }

    private static async Task ExecAsync(FaultStage stage)
    {
        await stage.RunAsync();
        ShimExec exec = await stage.MustAsync("Exec", stage.Session.ExecAsync("e", Subject.HastyExec("e")));
        DescriptorLimit limit = new(stage.Session.Process!);
        await limit.SetAsync();
        await stage.MustFailAsync("Start of an exec", exec.StartAsync(), reason: "too many open files");
        await stage.AnswersAsync(isThere: true);
        await limit.LiftAsync();
        await stage.MustAsync("Delete of the exec", exec.DeleteAsync());
        await stage.FinishAsync(events: ["create", "start", "added e", "exit", "delete"]);
    }

    private static async Task EndAsync(FaultStage stage)
    {
        await stage.RunAsync();
        await stage.EventsAreAsync(["create", "start"]);
        DescriptorLimit limit = new(stage.Session.Process!);
        await limit.SetAsync();
        stage.Release();
        await stage.ExitsAsync(Subject.Code);
        await limit.LiftAsync();
        await stage.FinishAsync();
    }

    private static async Task ConnectAsync(FaultStage stage)
    {
        await stage.RunAsync();
        DescriptorLimit limit = new(stage.Session.Process!);
        await limit.SetAsync();
        BootstrapAnswer answer = stage.Session.Answer!;
        string service = answer.Version >= 3 ? TaskServices.V3 : TaskServices.V2;
        await using TaskClient second = await TaskClient.ConnectAsync(answer.SocketPath, service, stage.Daemon.Namespace, FaultStage.Soon);
        Task<StateResponse> state = second.StateAsync(new StateRequest { Id = stage.Id });
        await Task.WhenAny(state, Task.Delay(TimeSpan.FromMilliseconds(500)));
        await limit.LiftAsync();
        await stage.MustAsync("State over the new connection", state);
        await stage.FinishAsync();
    }

    private static async Task RestartAsync(FaultStage stage)
    {
        await stage.RunAsync();
        DescriptorLimit limit = new(stage.Session.Process!);
        await limit.SetAsync();
        await stage.Daemon.GoAwayAsync();
        stage.Release();
        await Task.Delay(TimeSpan.FromSeconds(1));
        stage.Daemon.ComeBack();
        await limit.LiftAsync();
        await stage.FinishAsync(repeats: true);
    }
}
