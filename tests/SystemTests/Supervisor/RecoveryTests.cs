using System.Diagnostics;
using Grpc.Core;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Tasks;
using Process = ShimStack.Wire.Tasks.Process;
using Status = ShimStack.Wire.Tasks.Status;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>shimstackd is killed and comes back: what it finds, and what it makes of shims that do not answer or are no more.</summary>
[Collection(nameof(Alone))]
public sealed class RecoveryTests
{
    private static readonly string[] Sleep = ["/bin/sleep", "1000"];

    [Theory, InlineData(DaemonLine.Own), Feature("restart: running, paused, created, stopped are found as they were")]
    public Task EachStateIsFoundAgain(string line) => Stage.RunAsync(line, async stage =>
    {
        Container running = await Container.RunAsync(stage, "running", Sleep);
        Container paused = await Container.RunAsync(stage, "paused", Sleep);
        await paused.PauseAsync();
        Container created = await Container.CreateAsync(stage, "created", Sleep);
        Container stopped = await Container.RunAsync(stage, "stopped", ["/bin/sh", "-c", "exit 9"]);
        await stopped.WaitAsync();
        await stage.Daemon.KillAsync();
        await stage.Daemon.StartAsync();
        ListTasksResponse list = await stage.Client.Tasks.ListAsync(new ListTasksRequest());
        Assert.Equal(
            [("created", Status.Created), ("paused", Status.Paused), ("running", Status.Running), ("stopped", Status.Stopped)],
            list.Tasks.Select(task => (task.Id, task.Status)).Order());
        Assert.Equal(9u, await stopped.DeleteAsync());
        await paused.ResumeAsync();
        await created.StartAsync();
        await paused.EndAsync();
        await created.EndAsync();
        await running.EndAsync();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("restart: exits meanwhile are told once, of init and exec, with code and time")]
    public Task ExitsMeanwhileAreTold(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", "while [ ! -e /end ]; do usleep 5000; done; exit 23"]);
        await container.AddExecAsync("e1", "/bin/sh", "-c", "while [ ! -e /go ]; do usleep 5000; done; exit 24");
        await container.StartAsync("e1");
        int exec1 = (int)(await container.StateAsync("e1")).Pid;
        await stage.Daemon.KillAsync();
        DateTimeOffset before = DateTimeOffset.UtcNow;
        await File.WriteAllTextAsync(Path.Combine(stage.Rootfs, "go"), "");
        await Until.TrueAsync(() => !ProcessTable.Exists(exec1), "the exec ends"); // by itself: the end of the init would kill it
        await File.WriteAllTextAsync(Path.Combine(stage.Rootfs, "end"), "");
        await Until.TrueAsync(() => !ProcessTable.Exists(container.Pid), "the container ends");
        DateTimeOffset after = DateTimeOffset.UtcNow;
        await stage.Daemon.StartAsync();
        using EventLog log = await EventLog.FollowAsync(stage);
        await log.WaitForAsync(events => events.Count(e => e.Topic == "/tasks/exit") >= 2, "both exits");
        TaskEvent init = Assert.Single(log.Events, e => e.Topic == "/tasks/exit" && e.Process == "c1");
        TaskEvent exec = Assert.Single(log.Events, e => e.Topic == "/tasks/exit" && e.Process == "e1");
        Assert.Equal((23u, 24u), (init.ExitStatus, exec.ExitStatus));
        Assert.InRange(init.ExitedAt, before, after);
        Assert.Equal(24u, await container.DeleteExecAsync("e1"));
        Assert.Equal(23u, await container.DeleteAsync());
    });

    [Theory, InlineData(DaemonLine.Own), Feature("restart: a stuck shim holds up nobody, and its task is never NotFound")]
    public Task AStuckShimIsWaitedFor(string line) => Stage.RunAsync(line, async stage =>
    {
        Container stuck = await Container.RunAsync(stage, "stuck", Sleep);
        int shim = Assert.Single(stage.Shims());
        Container other = await Container.RunAsync(stage, "other", Sleep);
        Signal(shim, "STOP");
        await stage.Daemon.KillAsync();
        Stopwatch watch = Stopwatch.StartNew();
        await stage.Daemon.StartAsync();
        Assert.Equal(Status.Running, (await other.StateAsync()).Status);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"the other task answers only after {watch.Elapsed}");
        ListTasksResponse list = await stage.Client.Tasks.ListAsync(new ListTasksRequest());
        Assert.Equal([("other", Status.Running), ("stuck", Status.Unknown)], list.Tasks.Select(task => (task.Id, task.Status)).Order());
        RpcException late = await Assert.ThrowsAsync<RpcException>(async () =>
            await stage.Client.Tasks.GetAsync(new GetRequest { ContainerId = "stuck" }, deadline: DateTime.UtcNow.AddMilliseconds(300), cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
        Task<Process> waiting = stuck.StateAsync();
        Signal(shim, "CONT");
        Assert.Equal(Status.Running, (await waiting).Status);
        await stuck.EndAsync();
        await other.EndAsync();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("restart: a shim that died meanwhile is reported as such")]
    public Task AShimThatDiedMeanwhileIsBuried(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", Sleep);
        await stage.Daemon.KillAsync();
        await stage.KillShimAsync();
        await stage.Daemon.StartAsync();
        using EventLog log = await EventLog.FollowAsync(stage);
        await log.WaitForAsync(events => events.Any(e => e.Topic == "/tasks/exit" && e.Container == "c1"), "the exit");
        Assert.Equal(137u, Assert.Single(log.Events, e => e.Topic == "/tasks/exit").ExitStatus);
        await Until.TrueAsync(() => !ProcessTable.Runs(container.Pid), "the container is gone");
        RpcException gone = await Assert.ThrowsAsync<RpcException>(() => container.StateAsync());
        Assert.Equal(StatusCode.NotFound, gone.StatusCode);
        await container.DeleteRecordAsync();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("a Wait that is open when the shim is lost is answered")]
    public Task AWaitOutlivesTheShim(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", Sleep);
        Task<uint> exit = container.WaitAsync();
        await stage.LoseShimAsync();
        Assert.Equal(137u, await exit);
        await container.DeleteRecordAsync();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("SIGKILL of the daemon in the middle of a create leaves nothing, and the id is free again")]
    public Task ACreateThatIsCutLeavesNothing(string line) => Stage.RunAsync(line, async stage =>
    {
        for (int round = 0; round < 6; round++)
        {
            string id = $"c{round}";
            stage.Remember(id);
            Task<Container> create = Container.CreateAsync(stage, id, Sleep);
            await Task.WhenAny(create, Task.Delay(round * 8));
            await stage.Daemon.KillAsync();
            await Task.WhenAny(create);
            await stage.Daemon.StartAsync();
            await RemoveAsync(stage, id);
        }

        File.Delete(Path.Combine(stage.Directory, "c0-stdout")); // of the first try's client
        Container again = await Container.RunAsync(stage, "c0", Sleep);
        await again.EndAsync();
    });

    // Whatever has become of it: it may be there, created or half, or not at all.
    private static async Task RemoveAsync(Stage stage, string id)
    {
        await TryAsync(async () => await stage.Client.Tasks.KillAsync(new KillRequest { ContainerId = id, Signal = 9 }));
        await TryAsync(async () => await stage.Client.Tasks.DeleteAsync(new DeleteTaskRequest { ContainerId = id }));
        await TryAsync(async () => await stage.Client.Containers.DeleteAsync(new Wire.Containers.DeleteContainerRequest { Id = id }));

        static async Task TryAsync(Func<Task> call)
        {
            try
            {
                await call();
            }
            catch (RpcException e)
            {
                Assert.Equal(StatusCode.NotFound, e.StatusCode);
            }
        }
    }

    private static void Signal(int pid, string signal)
    {
        using System.Diagnostics.Process kill = Command.Start("kill", [$"-{signal}", $"{pid}"]);
        kill.WaitForExit();
    }
}
