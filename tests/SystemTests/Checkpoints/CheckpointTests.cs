using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Runc;
using ShimStack.Wire.Tasks;

namespace ShimStack.SystemTests.Checkpoints;

/// <summary>A container is frozen into a folder, and goes on from there: the same count, the same exit code.</summary>
public sealed class CheckpointTests
{
    private const string Lease = "checkpoints";

    private static readonly string[] Writer =
        ["/bin/sh", "-c", "trap 'exit 42' TERM; i=0; while :; do echo line $i; i=$((i+1)); usleep 5000; done"];

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("checkpoint, and the container runs on")]
    public Task ACheckpointWithoutExitLeavesTheContainerRunning(string line) => RunAsync(line, async stage =>
    {
        Container container = await RunWriterAsync(stage, "c1");
        await CheckpointAsync(stage, exit: false);
        Assert.Equal(Wire.Tasks.Status.Running, (await container.StateAsync()).Status);
        await WritesOnAsync(container);
        await AssertEndsAsync(container);
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("checkpoint with exit, and restore")]
    public Task ARestoredContainerGoesOnWhereItWas(string line) => RunAsync(line, async stage =>
    {
        Container container = await RunWriterAsync(stage, "c1");
        Task<uint> exit = container.WaitAsync();
        ContainerSettings checkpoint = await CheckpointAsync(stage, exit: true);
        Assert.Equal(137u, await exit);
        int last = LastLine(await container.Output!.Completion);
        Assert.Equal(137u, await container.DeleteAsync());

        Container restored = await Container.CreateAsync(stage, "c2", Writer, checkpoint);
        Assert.Equal((Wire.Tasks.Status.Created, 0u), Brief(await restored.StateAsync()));
        await restored.StartAsync();
        Process state = await restored.StateAsync();
        Assert.Equal(Wire.Tasks.Status.Running, state.Status);
        Assert.Contains("shimstack", File.ReadAllText($"/proc/{state.Pid}/cgroup"), StringComparison.Ordinal);
        await WritesOnAsync(restored);
        Assert.InRange(int.Parse(restored.Output!.Text.Split('\n')[0]["line ".Length..], CultureInfo.InvariantCulture), last, last + 1);
        MetricsResponse statistics = await stage.Client.Tasks.MetricsAsync(new MetricsRequest { Filters = { "id==c2" } });
        Assert.NotEmpty(Assert.Single(statistics.Metrics).Data.Value);
        Assert.Equal(state.Pid, Assert.Single(await restored.PidsAsync(), process => process.Pid == state.Pid).Pid);
        await AssertEndsAsync(restored);
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("exec in a restored container")]
    public Task ARestoredContainerTakesAnExec(string line) => RunAsync(line, async stage =>
    {
        Container container = await RunWriterAsync(stage, "c1");
        ContainerSettings checkpoint = await CheckpointAsync(stage, exit: true);
        await container.WaitAsync();
        await container.DeleteAsync();
        Container restored = await Container.RunAsync(stage, "c2", Writer, checkpoint);
        CommandResult exec = await stage.Ctr.RunAsync("tasks", "exec", "--exec-id", "e1", "c2", "/bin/sh", "-c", "echo in; exit 7");
        Assert.Equal((7, "in\n"), (exec.ExitCode, exec.Output));
        await AssertEndsAsync(restored);
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    [Feature("a checkpoint that fails leaves the container unharmed")]
    public Task WithoutCriuTheErrorSaysSoAndTheContainerRunsOn(string line) => Stage.RunAsync(line, async stage =>
    {
        (await stage.Ctr.RunAsync("leases", "create", "--id", Lease)).MustSucceed();
        Container container = await RunWriterAsync(stage, "c1");
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => CheckpointAsync(stage, exit: true));
        Assert.Contains("criu", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("criu-dump.log", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(Wire.Tasks.Status.Running, (await container.StateAsync()).Status);
        await WritesOnAsync(container);
        await AssertEndsAsync(container);
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("criu's log of a failed checkpoint is kept")]
    public Task TheLogOfAFailedCheckpointIsKept(string line) => RunAsync(line, async stage =>
    {
        // A file without a name would have to go into the image; criu refuses one of more than a megabyte.
        const string Script =
            "dd if=/dev/zero of=/tmp/ghost bs=1M count=2 2>/dev/null; exec 9</tmp/ghost; rm /tmp/ghost; echo open; exec sleep 1000";
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", Script]);
        await Until.TrueAsync(() => container.Output!.Text.Length > 0, "the file is open");
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => CheckpointAsync(stage, exit: true));
        string log = Path.Combine(stage.Daemon.State, "io.containerd.runtime.v2.task", stage.Name, "c1/criu-dump.log");
        Assert.Contains(log, failure.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("ghost file", await File.ReadAllTextAsync(log), StringComparison.Ordinal);
        Assert.Equal(Wire.Tasks.Status.Running, (await container.StateAsync()).Status);
        await container.EndAsync();
    });

    private static async Task RunAsync(string line, Func<Stage, Task> test)
    {
        await Criu.RequireAsync();
        await Stage.RunAsync(line, async stage =>
        {
            // The daemon's garbage collector would take what nobody has a lease on.
            (await stage.Ctr.RunAsync("leases", "create", "--id", Lease)).MustSucceed();
            await test(stage);
            // The daemon unpacks what it restores, and leaves it.
            foreach (string unpacked in Directory.GetDirectories(stage.Daemon.TemporaryDirectory, "ctrd-checkpoint*"))
            {
                Directory.Delete(unpacked, recursive: true);
            }
        }, firstInPath: Criu.FirstInPath);
    }

    private static async Task<Container> RunWriterAsync(Stage stage, string id)
    {
        Container container = await Container.RunAsync(stage, id, Writer);
        await Until.TrueAsync(() => container.Output!.Text.Length > 50, "the container writes");
        return container;
    }

    /// <summary>Into the daemon's content store, where the first descriptor is criu's image; into a folder where there is no such store.</summary>
    /// <returns>With what a container is made that goes on from there.</returns>
    private static async Task<ContainerSettings> CheckpointAsync(Stage stage, bool exit)
    {
        string folder = stage.Daemon.Line == DaemonLine.Own ? Path.Combine(stage.Directory, "checkpoint") : "";
        CheckpointTaskRequest request = new()
        {
            ContainerId = "c1",
            Options = new Any
            {
                TypeUrl = "containerd.runc.v1.CheckpointOptions",
                Value = new CheckpointOptions { Exit = exit, ImagePath = folder }.ToByteString(),
            },
        };
        CheckpointTaskResponse response = await stage.Client.Tasks.CheckpointAsync(request, new Metadata { { "containerd-lease", Lease } });
        return folder.Length > 0
            ? new ContainerSettings { TaskOptions = RuntimeOptions.Runc(new Options { Root = RuntimeOptions.RootOf(stage), CriuImagePath = folder }) }
            : new ContainerSettings { Checkpoint = response.Descriptors.First(content => content.MediaType.Contains("criu", StringComparison.Ordinal)) };
    }

    private static Task WritesOnAsync(Container container)
    {
        int seen = container.Output!.Text.Length;
        return Until.TrueAsync(() => container.Output.Text.Length > seen + 100, "the container writes on");
    }

    private static async Task AssertEndsAsync(Container container)
    {
        Task<uint> exit = container.WaitAsync();
        await container.KillAsync(15);
        Assert.Equal(42u, await exit);
        Assert.Equal(42u, await container.DeleteAsync());
    }

    private static (Wire.Tasks.Status Status, uint Pid) Brief(Process process) => (process.Status, process.Pid);

    private static int LastLine(string output) =>
        int.Parse(output.TrimEnd('\n').Split('\n')[^1]["line ".Length..], CultureInfo.InvariantCulture);
}
