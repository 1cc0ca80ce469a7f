using System.Text.Json.Nodes;
using Grpc.Core;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;

namespace ShimStack.SystemTests.Crash;

/// <summary>The shim dies by SIGKILL at every step of a container's life; the daemon then runs the shim's `delete`, and nothing may be left.</summary>
public sealed class ShimKilledTests
{
    /// <summary>The step, and the hook of the container's configuration that makes it (for steps inside of the runtime).</summary>
    public static TheoryData<string, string> Steps => new()
    {
        { "before create", "" }, { "in create", "createRuntime" }, { "after create", "" },
        { "before start", "" }, { "in start", "poststart" }, { "after start", "" },
        { "before exec", "" }, { "after exec", "" },
        { "before delete", "" }, { "in delete", "poststop" }, { "after delete", "" },
    };

    [Theory, MemberData(nameof(Steps))]
    public Task NothingIsLeftAfter(string step, string hook) => Stage.RunAsync(DaemonLine.Debian12, stage => KillAtAsync(stage, step, hook));

    [Theory]
    [InlineData("1.7", "in create", "createRuntime"), InlineData("1.7", "after create", ""), InlineData("1.7", "before delete", "")]
    [InlineData("2.x", "in create", "createRuntime"), InlineData("2.x", "after create", ""), InlineData("2.x", "before delete", "")]
    public Task NothingIsLeftWithALaterDaemonAfter(string line, string step, string hook) => Stage.RunAsync(line, stage => KillAtAsync(stage, step, hook));

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task ADeadShimsContainerIsKilledAndReported(string line) => Stage.RunAsync(line, async stage =>
    {
        using EventLog log = await EventLog.FollowAsync(stage);
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"]);
        await stage.LoseShimAsync();
        await log.WaitForAsync(events => events.Any(e => e.Topic == "/tasks/delete"), "the delete event that the daemon makes");
        Assert.Equal(["create", "start", "exit", "delete"], log.Story("c1"));
        Assert.Equal(137u, log.Events.Single(e => e.Topic == "/tasks/exit").ExitStatus);
        await container.DeleteRecordAsync();
    });

    private static async Task KillAtAsync(Stage stage, string step, string hook)
    {
        using SteppingRuntime runtime = SteppingRuntime.Create(stage, step);
        ContainerSettings settings = new()
        {
            Output = false,
            RuntimeBinary = runtime.Path,
            Hooks = hook.Length == 0 ? null : new JsonObject { [hook] = new JsonArray(new JsonObject { ["path"] = runtime.Hook }) },
        };
        Container container = await Container.RecordAsync(stage, "c1", ["/bin/sleep", "1000"], settings);
        Task life = LiveAsync(container);
        await runtime.StoppedAsync();
        await stage.KillShimAsync();
        await Assert.ThrowsAnyAsync<RpcException>(() => life);
        runtime.LetGo();
        await container.DeleteRecordAsync();
        await Leftovers.AssertNoneAsync(stage);
    }

    /// <summary>A life through every command of the runtime.</summary>
    private static async Task LiveAsync(Container container)
    {
        await container.CreateTaskAsync();
        await container.StartAsync();
        await container.AddExecAsync("e1", "/bin/sleep", "1000");
        await container.StartAsync("e1");
        Task<uint> exit = container.WaitAsync();
        await container.KillAsync(9);
        await exit;
        await container.DeleteAsync();
        Assert.Fail("the shim was not killed");
    }
}
