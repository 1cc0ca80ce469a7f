using Google.Protobuf.Collections;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Containers;
using ShimStack.Wire.Tasks;
using Container = ShimStack.SystemTests.Containers.Container;
using Process = ShimStack.Wire.Tasks.Process;
using Status = ShimStack.Wire.Tasks.Status;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>Restart policies as other clients meet them: by labels, events and calls that cross.</summary>
public sealed class RestartTests
{
    private const string Count = "containerd.io/restart.count";
    private static readonly string[] Sleep = ["/bin/sleep", "1000"];
    private static readonly TimeSpan LongerThanTheFirstWait = TimeSpan.FromMilliseconds(400), LongerThanTheFifthWait = TimeSpan.FromSeconds(2);

    [Theory, InlineData(DaemonLine.Own), Feature("restart policies by containerd's labels: the events are those of a client, Waits are of their run")]
    public Task EventsAreThoseOfAClient(string line) => Stage.RunAsync(line, async stage =>
    {
        using EventLog log = await EventLog.FollowAsync(stage);
        string output = Path.Combine(stage.Directory, "later.log");
        Container container = await RunAsync(stage, "c1", ["/bin/sh", "-c", "echo run; exec sleep 1000"], ("policy", "always"), ("loguri", "file://" + output));
        await Until.TrueAsync(() => container.Output!.Text == "run\n", "the first run writes");
        Task<uint> first = container.WaitAsync();
        await container.KillAsync(9); // without the mark of a stop: a policy's business
        Assert.Equal(137u, await first);
        await log.WaitForAsync(events => events.Count(e => e.Topic == "/tasks/start") == 2, "the second run");
        Assert.Equal(["create", "start", "exit", "delete", "create", "start"], log.Story("c1"));
        Assert.Equal("1", (await RecordAsync(stage, "c1")).Labels[Count]);
        await Until.TrueAsync(() => File.Exists(output) && File.ReadAllText(output).Contains("run", StringComparison.Ordinal), "the later run writes to the log");
        Assert.Equal("run\n", container.Output!.Text);
        await EndAsync(stage, container);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("restart policies: a pause, and the end of an exec, are no end")]
    public Task OnlyTheFirstProcessCounts(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await RunAsync(stage, "c1", Sleep, ("policy", "always"));
        await container.AddExecAsync("e1", "/bin/false");
        await container.StartAsync("e1");
        Assert.Equal(1u, await container.WaitAsync("e1"));
        await container.PauseAsync();
        await stage.Daemon.KillAsync();
        await stage.Daemon.StartAsync();
        Assert.Equal((Status.Paused, container.Pid), (await container.StateAsync() is var state ? (state.Status, (int)state.Pid) : default));
        await container.ResumeAsync();
        Assert.Equal(1u, await container.DeleteExecAsync("e1"));
        await EndAsync(stage, container);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("restart policies: a client that deletes the ended task, makes one itself, or deletes the container")]
    public Task ClientsMayCross(string line) => Stage.RunAsync(line, async stage =>
    {
        Container taken = await RunAsync(stage, "taken", Sleep, ("policy", "always")), deleted = await RunAsync(stage, "deleted", Sleep, ("policy", "always"));
        Container gone = await RunAsync(stage, "gone", Sleep, ("policy", "always"));
        await Task.WhenAll(LengthenWaitAsync(stage, taken), LengthenWaitAsync(stage, deleted), LengthenWaitAsync(stage, gone));
        await EndRunAsync(stage, gone);
        await stage.Client.Tasks.DeleteAsync(new DeleteTaskRequest { ContainerId = "gone" });
        await gone.DeleteRecordAsync();
        await EndRunAsync(stage, taken);
        await stage.Client.Tasks.DeleteAsync(new DeleteTaskRequest { ContainerId = "taken" });
        await taken.CreateTaskAsync();
        int made = taken.Pid;
        await EndRunAsync(stage, deleted);
        await stage.Client.Tasks.DeleteAsync(new DeleteTaskRequest { ContainerId = "deleted" });
        Process again = await RunningAsync(stage, "deleted"); // its policy does not need the ended task
        Assert.False(await Until.IsTrueAsync(() => TasksOf(stage).Any(task => task.Id == "gone" || (task.Id == "taken" && (int)task.Pid != made)), LongerThanTheFifthWait));
        Assert.Equal(Status.Created, (await taken.StateAsync()).Status);
        await taken.StartAsync();
        await EndRunAsync(stage, taken);
        Assert.NotEqual(made, (int)(await RunningAsync(stage, "taken")).Pid); // and goes on
        Assert.NotEqual(deleted.Pid, (int)again.Pid);
        await EndAsync(stage, taken);
        await EndAsync(stage, deleted);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("restart policies: a start of a client that fails is the client's to repeat")]
    public Task AStartThatFailsIsTheClients(string line) => Stage.RunAsync(line, async stage =>
    {
        string broken = Path.Combine(stage.Directory, "broken"), runtime = Path.Combine(stage.Directory, "runc-broken");
        await File.WriteAllTextAsync(broken, "");
        ProgramFile.Write(runtime, $"#!/bin/sh\ncase \" $* \" in *\" start \"*) [ ! -e {broken} ] || exit 1;; esac\nPATH=$PATH:/usr/sbin:/usr/bin exec runc \"$@\"\n");
        ContainerSettings settings = new() { RuntimeBinary = runtime, Labels = new Dictionary<string, string> { ["containerd.io/restart.policy"] = "always" } };
        Container container = await Container.CreateAsync(stage, "c1", Sleep, settings);
        await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => container.StartAsync());
        Assert.False(await Until.IsTrueAsync(() => TasksOf(stage).Any(task => task.Status == Status.Running), LongerThanTheFirstWait));
        await stage.Client.Tasks.DeleteAsync(new DeleteTaskRequest { ContainerId = "c1" });
        File.Delete(container.Output!.Path);
        File.Delete(broken);
        await container.DeleteRecordAsync();
        Container again = await Container.RunAsync(stage, "c1", Sleep, settings);
        await EndRunAsync(stage, again);
        await RunningAsync(stage, "c1");
        await EndAsync(stage, again);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("restart policies: 50 restarts leave no process, mount or descriptor behind")]
    public Task ManyRestartsLeaveNothing(string line) => Stage.RunAsync(line, async stage =>
    {
        const int Containers = 10, Restarts = 5;
        Container first = await RunAsync(stage, "c0", ["/bin/false"], ("policy", "on-failure:1"));
        await CountsAsync(stage, ["c0"], 1);
        int descriptors = ProcessTable.OpenDescriptors(stage.Daemon.Pid), mounts = Mounts(stage);
        Container[] all = await Task.WhenAll(Enumerable.Range(1, Containers).Select(i => RunAsync(stage, $"c{i}", ["/bin/false"], ("policy", $"on-failure:{Restarts}"))));
        await CountsAsync(stage, all.Select(container => container.Id), Restarts);
        foreach (Container container in all)
        {
            Assert.Equal(1u, await container.DeleteAsync());
        }

        await Until.TrueAsync(() => ProcessTable.OpenDescriptors(stage.Daemon.Pid) <= descriptors + 3, $"no more than {descriptors} descriptors");
        await Until.TrueAsync(() => stage.Shims().Count == 1, "one shim is left");
        Assert.Equal(mounts, Mounts(stage));
        Assert.DoesNotContain(stage.Guard.Pids(), pid => ProcessTable.Exists(pid) && !ProcessTable.Runs(pid));
        Assert.Equal(1u, await first.DeleteAsync());
    });

    private static Task<Container> RunAsync(Stage stage, string id, string[] command, params (string Label, string Value)[] labels) => Container.RunAsync(
        stage, id, command, new ContainerSettings { Labels = labels.ToDictionary(label => "containerd.io/restart." + label.Label, label => label.Value) });

    private static async Task<Wire.Containers.Container> RecordAsync(Stage stage, string id) =>
        (await stage.Client.Containers.GetAsync(new GetContainerRequest { Id = id })).Container;

    private static RepeatedField<Process> TasksOf(Stage stage) => stage.Client.Tasks.List(new ListTasksRequest()).Tasks;

    private static int Mounts(Stage stage) => File.ReadLines("/proc/self/mounts").Count(line => line.Contains(stage.Directory, StringComparison.Ordinal));

    private static async Task EndRunAsync(Stage stage, Container container)
    {
        Task<uint> exit = container.WaitAsync();
        await stage.Client.Tasks.KillAsync(new KillRequest { ContainerId = container.Id, Signal = 9 });
        Assert.Equal(137u, await exit);
    }

    // Four restarts: before the fifth there are more than 1.2 s for what a client does meanwhile.
    private static async Task LengthenWaitAsync(Stage stage, Container container)
    {
        for (int i = 0; i < 4; i++)
        {
            await EndRunAsync(stage, container);
            await RunningAsync(stage, container.Id);
        }
    }

    private static async Task<Process> RunningAsync(Stage stage, string id)
    {
        Process? running = null;
        await Until.TrueAsync(() => (running = TasksOf(stage).SingleOrDefault(task => task.Id == id && task.Status == Status.Running)) is not null, $"{id} runs");
        return running!;
    }

    // All have been started again so often, and have ended.
    private static async Task CountsAsync(Stage stage, IEnumerable<string> ids, int count)
    {
        foreach (string id in ids)
        {
            await Until.TrueAsync(
                () => stage.Client.Containers.Get(new GetContainerRequest { Id = id }).Container.Labels.GetValueOrDefault(Count) == $"{count}"
                    && TasksOf(stage).Any(task => task.Id == id && task.Status == Status.Stopped),
                $"{id} is started {count} times");
        }
    }

    // As every client that stops something on purpose: first the word, then the deed.
    private static async Task EndAsync(Stage stage, Container container)
    {
        UpdateContainerRequest stop = new() { Container = new() { Id = container.Id }, UpdateMask = new() };
        stop.Container.Labels["containerd.io/restart.explicitly-stopped"] = "true";
        stop.UpdateMask.Paths.Add("labels.containerd.io/restart.explicitly-stopped");
        await stage.Client.Containers.UpdateAsync(stop);
        await container.EndAsync();
    }
}
