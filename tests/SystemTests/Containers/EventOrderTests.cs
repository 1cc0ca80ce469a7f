using ShimStack.SystemTests.Daemons;

namespace ShimStack.SystemTests.Containers;

/// <summary>The order in which a client of the event stream hears of a task.</summary>
public sealed class EventOrderTests
{
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task CreateStartExitDelete(string line) => Stage.RunAsync(line, async stage =>
    {
        using EventLog log = await EventLog.FollowAsync(stage);
        Container container = await Container.CreateAsync(stage, "c1", ["/bin/sh", "-c", "exit 3"]);
        Task<uint> exit = container.WaitAsync();
        await container.StartAsync();
        Assert.Equal(3u, await exit);
        Assert.Equal(3u, await container.DeleteAsync());
        await log.WaitForAsync(events => events.Any(e => e.Topic == "/tasks/delete"), "the delete event");
        Assert.Equal(["create", "start", "exit", "delete"], log.Story("c1"));
        Assert.Equal(3u, log.Events.Single(e => e.Topic == "/tasks/exit").ExitStatus);
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task AnExecEndsBeforeTheContainerThatItRanIn(string line) => Stage.RunAsync(line, async stage =>
    {
        using EventLog log = await EventLog.FollowAsync(stage);
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"]);
        await container.AddExecAsync("e1", "/bin/sleep", "1000");
        await container.StartAsync("e1");
        Task<uint> exit = container.WaitAsync();
        Task<uint> execExit = container.WaitAsync("e1");
        await container.KillAsync(9);
        Assert.Equal(137u, await exit);
        Assert.Equal(137u, await execExit);
        await container.DeleteExecAsync("e1");
        await container.DeleteAsync();
        await log.WaitForAsync(events => events.Any(e => e.Topic == "/tasks/delete"), "the delete event");
        Assert.Equal(["create", "start", "exec-added e1", "exec-started e1", "exit e1", "exit", "delete"], log.Story("c1"));
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task AnExitBeforeStartIsAnExit(string line) => Stage.RunAsync(line, async stage =>
    {
        using EventLog log = await EventLog.FollowAsync(stage);
        Container container = await Container.CreateAsync(stage, "c1", ["/bin/sleep", "1000"]);
        Task<uint> exit = container.WaitAsync();
        await container.KillAsync(9);
        Assert.Equal(137u, await exit);
        await container.DeleteAsync();
        await log.WaitForAsync(events => events.Any(e => e.Topic == "/tasks/delete"), "the delete event");
        Assert.Equal(["create", "exit", "delete"], log.Story("c1"));
    });
}
