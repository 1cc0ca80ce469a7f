using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Exits;

/// <summary>An exit is not lost, whoever is away when it happens.</summary>
public sealed class DurableExitTests
{
    private static readonly TimeSpan Accuracy = TimeSpan.FromMilliseconds(500);

    [Feature("exit while the daemon is down: true code and time, and the event reaches who subscribes afterwards")]
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task AClientThatSubscribesAfterTheRestartHearsOfTheExit(string line) => Stage.RunAsync(line, async stage =>
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, "the reference shim announces an exit once, to whoever listens then");
        string gate = Path.Combine(stage.Rootfs, "gate");
        Fifo.Make(gate);
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", "read a </gate; exit 7"]);
        await stage.Daemon.KillAsync();
        await File.WriteAllTextAsync(gate, "go\n");
        await Until.TrueAsync(() => !ProcessTable.Exists(container.Pid), "the container's process ends");
        DateTimeOffset ended = DateTimeOffset.UtcNow;
        await stage.Daemon.StartAsync();

        // Later than the daemon has been told for the first time: it keeps nothing for those who come afterwards.
        using EventLog log = await EventLog.FollowAsync(stage);
        await log.WaitForAsync(events => events.Any(e => e is { Topic: "/tasks/exit", Container: "c1", ExitStatus: 7 }), "the exit event");
        Wire.Tasks.Process state = await container.StateAsync();
        Assert.Equal((Wire.Tasks.Status.Stopped, 7u), (state.Status, state.ExitStatus));
        Assert.InRange(state.ExitedAt.ToDateTimeOffset(), ended - Accuracy, ended + Accuracy);

        Assert.Equal(7u, await container.DeleteAsync());
        int told = log.Events.Count(static e => e.Topic == "/tasks/exit");
        await log.WaitForAsync(events => events.Any(static e => e.Topic == "/tasks/delete"), "the delete event");
        Assert.Equal("/tasks/delete", log.Events[^1].Topic);
        Assert.Equal(told, log.Events.Count(static e => e.Topic == "/tasks/exit"));
    });

    [Feature("shim killed after its container ended: the daemon reports the true code")]
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task TheExitOfADeadShimIsReportedAsItWas(string line) => Stage.RunAsync(line, async stage =>
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, "the reference shim keeps no record, its delete action says 137");
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", "exit 7"]);
        Assert.Equal(7u, await container.WaitAsync());
        using EventLog log = await EventLog.FollowAsync(stage);
        await stage.LoseShimAsync();
        await log.WaitForAsync(events => events.Any(static e => e.Topic == "/tasks/delete"), "the daemon cleans up");
        Assert.Equal(7u, log.Events.Last(static e => e.Topic == "/tasks/exit").ExitStatus);
        await container.DeleteRecordAsync();
    });
}
