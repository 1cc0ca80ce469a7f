using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Tasks;
using Status = ShimStack.Wire.Tasks.Status;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>shimstackd is killed in the middle of a restart, or the machine boots: what should run does, once.</summary>
public sealed class RestartCutTests
{
    private const string Policy = "containerd.io/restart.policy";
    private const string Stopped = "containerd.io/restart.explicitly-stopped";

    [Theory, InlineData(DaemonLine.Own), Feature("restart policies: SIGKILL of the daemon between the delete of a run and the create of the next")]
    public Task ARestartThatIsCutBeforeItsCreateIsTakenUp(string line) => Stage.RunAsync(line, async stage =>
    {
        Hold hold = new(stage.Directory);
        string shim = hold.Script("containerd-shim-held-v2", "start", Path.Combine(RuntimeUnderTest.OwnBinDirectory, "containerd-shim-shimstack-v2"));
        Container container = await RunAsync(stage, "c1", new ContainerSettings { Shim = shim });
        await CutAsync(stage, hold, container);
        await stage.Daemon.StartAsync();
        await SeeAsync(stage, container);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("restart policies: SIGKILL of the daemon between the create of a run and its start")]
    public Task ARestartThatIsCutBeforeItsStartIsTakenUp(string line) => Stage.RunAsync(line, async stage =>
    {
        // The shim gives a call up with the daemon that has made it: the task stays as it is, created, and nobody's to start but ours.
        Hold hold = new(stage.Directory);
        Container container = await RunAsync(stage, "c1", new ContainerSettings { RuntimeBinary = hold.Script("runc-held", "start", "runc") });
        await CutAsync(stage, hold, container);
        await stage.Daemon.StartAsync();
        await SeeAsync(stage, container);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("restart policies: after a boot what should run is started")]
    public Task ABootStartsWhatShouldRun(string line) => Stage.RunAsync(
        line,
        async stage =>
        {
            Container runs = await RunAsync(stage, "runs", new ContainerSettings(), "on-failure");
            Container stopped = await RunAsync(stage, "stopped", new ContainerSettings());
            Container forGood = await RunAsync(stage, "for-good", new ContainerSettings(), "unless-stopped");
            foreach (Container container in (Container[])[stopped, forGood])
            {
                await RelabelAsync(stage, container, "true");
                await container.KillAsync(9);
                await container.WaitAsync();
            }

            await stage.Daemon.KillAsync();
            await stage.Daemon.StartAsync(); // no reason to start anything
            Assert.Equal([("for-good", Status.Stopped), ("runs", Status.Running), ("stopped", Status.Stopped)], await TasksAsync(stage));
            await BootAsync(stage);
            await Until.TrueAsync(() => stage.Client.Tasks.List(new ListTasksRequest()).Tasks.Count(task => task.Status == Status.Running) == 2, "what should run does");
            Assert.Equal([("runs", Status.Running), ("stopped", Status.Running)], await TasksAsync(stage));
            await forGood.DeleteRecordAsync();
            await EndAsync(stage, runs);
            await EndAsync(stage, stopped);
        },
        new StageSettings { DaemonPrefix = "./booted", Prepare = PrepareBootAsync });

    private static Task<Container> RunAsync(Stage stage, string id, ContainerSettings settings, string policy = "always") => Container.RunAsync(
        stage, id, ["/bin/sh", "-c", $": copy of {id}; while :; do sleep 1000; done"], settings with { Labels = new Dictionary<string, string> { [Policy] = policy } });

    private static IEnumerable<int> Copies(Stage stage, string id) => stage.Guard.Pids().Where(pid =>
        ProcessTable.CommandLine(pid) is string line && line.StartsWith("/bin/sh -c ", StringComparison.Ordinal) && line.Contains($": copy of {id};", StringComparison.Ordinal));

    // The run ends, the next one begins and is held, the daemon dies there.
    private static async Task CutAsync(Stage stage, Hold hold, Container container)
    {
        hold.Begin();
        await container.KillAsync(9);
        await hold.ReachedAsync();
        await stage.Daemon.KillAsync();
        await Until.TrueAsync(() => !stage.Guard.Processes().Any(hold.IsOf), "what is held goes with the daemon");
        hold.End();
    }

    private static async Task SeeAsync(Stage stage, Container container)
    {
        await Until.TrueAsync(() => stage.Client.Tasks.List(new ListTasksRequest()).Tasks.Any(task => task.Status == Status.Running && (int)task.Pid != container.Pid), "it runs again");
        await Until.TrueAsync(() => stage.Shims().Count == 1, "it has one shim");
        await Until.TrueAsync(() => Copies(stage, container.Id).Any(), "the runtime is the container's program"); // for a moment after its start it is not
        Assert.Single(Copies(stage, container.Id));
        Assert.Equal("1", (await stage.Client.Containers.GetAsync(new Wire.Containers.GetContainerRequest { Id = container.Id })).Container.Labels["containerd.io/restart.count"]);
        await EndAsync(stage, container);
    }

    private static async Task<IEnumerable<(string, Status)>> TasksAsync(Stage stage) =>
        (await stage.Client.Tasks.ListAsync(new ListTasksRequest())).Tasks.Select(task => (task.Id, task.Status)).Order();

    private static async Task RelabelAsync(Stage stage, Container container, string value)
    {
        Wire.Containers.UpdateContainerRequest update = new() { Container = new() { Id = container.Id }, UpdateMask = new() };
        update.Container.Labels[Stopped] = value;
        update.UpdateMask.Paths.Add("labels." + Stopped);
        await stage.Client.Containers.UpdateAsync(update);
    }

    private static async Task EndAsync(Stage stage, Container container)
    {
        await RelabelAsync(stage, container, "true");
        await container.EndAsync();
    }

    // What a boot leaves of a daemon's world: what is on disk. The kernel's boot id is a file of ours, which only the daemon sees.
    private static async Task BootAsync(Stage stage)
    {
        await stage.Daemon.KillAsync();
        foreach (int pid in stage.Guard.Pids())
        {
            await stage.Guard.EndAsync(pid, "KILL");
        }

        await Until.TrueAsync(() => !stage.Guard.Pids().Any(), "nothing runs");
        Leftovers.RemoveFromMemory(stage);
        await File.WriteAllTextAsync(Path.Combine(stage.Directory, "boot-id"), Guid.NewGuid() + "\n");
        await stage.Daemon.StartAsync();
    }

    private static async Task PrepareBootAsync(Stage stage)
    {
        string path = Path.Combine(stage.Directory, "booted");
        await File.WriteAllTextAsync(Path.Combine(stage.Directory, "boot-id"), Guid.NewGuid() + "\n");
        ProgramFile.Write(path, $"""
            #!/bin/sh
            exec unshare --mount --propagation private sh -c 'mount --bind {stage.Directory}/boot-id /proc/sys/kernel/random/boot_id && exec "$@"' sh "$@"

            """);
    }
}
