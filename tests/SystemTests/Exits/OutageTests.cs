using System.Globalization;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.SystemTests.Soak.Walk;

namespace ShimStack.SystemTests.Exits;

/// <summary>
/// A container ends while nobody takes events, for long. Afterwards its exit is told with its true code and time, once to a client that deletes
/// what has ended. SHIMSTACK_TEST_OUTAGE_MINUTES=10 makes the outages so long; without it they take seconds.
/// </summary>
public sealed class OutageTests
{
    private const string Minutes = "SHIMSTACK_TEST_OUTAGE_MINUTES";

    // Of the shim, which sees the end, on a busy machine; an outage is many times as long.
    private static readonly TimeSpan Accuracy = TimeSpan.FromMilliseconds(500);

    // Longer than the reference shim tries, which is about 15 s.
    private static readonly TimeSpan Away = Length(TimeSpan.FromSeconds(20));

    // Longer than a call to the daemon may take, which is 5 s.
    private static readonly TimeSpan Frozen = Length(TimeSpan.FromSeconds(8));

    [Feature("exit while the daemon is frozen: told once, with true code and time")]
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task AFrozenDaemonHearsOfAnExitOnce(string line) => RunAsync(line, async (stage, container, worker) =>
    {
        using EventLog log = await EventLog.FollowAsync(stage);
        Task<uint> exit = container.WaitAsync();
        await SignalAsync(stage, "STOP");
        worker.Tell('e', 7);
        await Until.TrueAsync(() => !ProcessTable.Exists(container.Pid), "the container ends");
        await Task.Delay(Frozen, TestContext.Current.CancellationToken);
        await SignalAsync(stage, "CONT");
        Assert.Equal(7u, await exit);
        await IsToldOnceAsync(log, container, worker);
    });

    [Fact]
    public Task AnEventsSocketThatNeverAnswersHoldsNothingUp() => RunAsync(DaemonLine.Newest, async (stage, container, worker) =>
    {
        await stage.Daemon.KillAsync();
        using (SilentSocket silent = new(stage.Daemon.Address + ".ttrpc"))
        {
            worker.Tell('e', 7);
            await Until.TrueAsync(() => silent.Received > 0, "the shim speaks to the silent socket");
            await Task.Delay(Away, TestContext.Current.CancellationToken);
            // What is given up and tried again may not start a pool of threads.
            Assert.InRange(ProcessTable.StatusNumber(Assert.Single(stage.Shims()), "Threads"), 1, 2);
        }

        await stage.Daemon.StartAsync();
        using EventLog log = await EventLog.FollowAsync(stage);
        await IsToldOnceAsync(log, container, worker);
    });

    /// <summary>The client does what clients do: it deletes what has ended.</summary>
    private static async Task IsToldOnceAsync(EventLog log, Container container, WorkerFiles worker)
    {
        await log.WaitForAsync(static events => events.Any(static e => e.Topic == "/tasks/exit"), "the exit event");
        Wire.Tasks.Process state = await container.StateAsync();
        Assert.Equal(7u, await container.WaitAsync());
        Assert.Equal(7u, await container.DeleteAsync());
        await log.WaitForAsync(static events => events.Any(static e => e.Topic == "/tasks/delete"), "the delete event");
        DateTimeOffset ended = Assert.IsType<NotedEnd>(worker.End).At;
        Assert.Equal((Wire.Tasks.Status.Stopped, 7u), (state.Status, state.ExitStatus));
        Assert.InRange(state.ExitedAt.ToDateTimeOffset(), ended, ended + Accuracy);
        TaskEvent exit = Assert.Single(log.Events, static e => e.Topic == "/tasks/exit");
        Assert.Equal((7u, state.ExitedAt.ToDateTimeOffset(), "/tasks/delete"), (exit.ExitStatus, exit.ExitedAt, log.Events[^1].Topic));
    }

    private static Task RunAsync(string line, Func<Stage, Container, WorkerFiles, Task> test)
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, "the reference tells an exit again for each 5 s that a daemon is frozen, and never after 15 s");
        StageSettings settings = new() { Prepare = WorkerFiles.InstallAsync, Limit = Away + TimeSpan.FromMinutes(3) };
        return Stage.RunAsync(line, async stage =>
        {
            using WorkerFiles worker = new(stage, "c1");
            Container container = await Container.RunAsync(stage, "c1", WorkerFiles.Command("c1", 1));
            await Until.TrueAsync(() => worker.IsReady, "the worker runs");
            await test(stage, container, worker);
        }, settings);
    }

    private static TimeSpan Length(TimeSpan usual) => Environment.GetEnvironmentVariable(Minutes) is { Length: > 0 } minutes
        ? TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture))
        : usual;

    private static async Task SignalAsync(Stage stage, string signal) =>
        (await Command.RunAsync("kill", [$"-{signal}", $"{stage.Daemon.Pid}"])).MustSucceed();
}
