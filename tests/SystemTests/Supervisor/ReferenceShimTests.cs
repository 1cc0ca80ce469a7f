using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Tasks;
using Process = ShimStack.Wire.Tasks.Process;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>Debian's shims under shimstackd: by absolute path, and each spoken to as its own containerd does.</summary>
public sealed class ReferenceShimTests
{
    private const string Writer = "trap 'exit 42' TERM; i=0; while :; do echo line $i; i=$((i+1)); usleep 5000; done";

    /// <summary>The containerds whose shim it is.</summary>
    public static TheoryData<string> Shims => [DaemonLine.Debian12, DaemonLine.Debian13, DaemonLine.Newest];

    [Theory, MemberData(nameof(Shims)), Feature("containerd's own shim under shimstackd: run, exec, terminal, exit codes")]
    public Task Smoke(string line) => RunAsync(line, async (stage, settings) =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", "trap 'exit 9' TERM; echo ready; while :; do usleep 10000; done"], settings);
        await Until.TrueAsync(() => container.Output!.Text == "ready\n", "the container is ready");
        CommandResult exec = await stage.Ctr.RunAsync("tasks", "exec", "--exec-id", "e1", "c1", "/bin/sh", "-c", "echo in; exit 7");
        Assert.Equal((7, "in\n"), (exec.ExitCode, exec.Output));
        CommandResult terminal = await stage.Ctr.RunInTerminalAsync(["tasks", "exec", "-t", "--exec-id", "e2", "c1", "/bin/sh", "-c", "tty; exit 6"], "");
        Assert.Equal(6, terminal.ExitCode);
        Assert.Contains("/dev/pts/", terminal.Output, StringComparison.Ordinal);
        await container.PauseAsync();
        Assert.Equal(Status.Paused, (await container.StateAsync()).Status);
        await container.ResumeAsync();
        Assert.NotEmpty((await stage.Client.Tasks.MetricsAsync(new MetricsRequest { Filters = { "id==c1" } })).Metrics);
        Task<uint> exit = container.WaitAsync();
        await container.KillAsync(15);
        Assert.Equal(9u, await exit);
        Assert.Equal(9u, await container.DeleteAsync());
    });

    [Theory, MemberData(nameof(Shims)), Feature("containerd's own shim under shimstackd: outlives 5 daemons")]
    public Task Restart(string line) => RunAsync(line, async (stage, settings) =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", Writer], settings);
        for (int kill = 0; kill < 5; kill++)
        {
            await stage.Daemon.KillAsync();
            await stage.Daemon.StartAsync();
            Process state = await container.StateAsync();
            Assert.Equal((Status.Running, (uint)container.Pid), (state.Status, state.Pid));
        }

        Task<uint> exit = container.WaitAsync();
        await container.KillAsync(15);
        Assert.Equal(42u, await exit);
        string[] lines = (await container.Output!.Completion).TrimEnd('\n').Split('\n');
        Assert.Equal(Enumerable.Range(0, lines.Length).Select(n => $"line {n}"), lines);
        Assert.Equal(42u, await container.DeleteAsync());
    });

    [Theory, MemberData(nameof(Shims)), Feature("containerd's own shim under shimstackd: an exit while no daemon was there is told, with its code")]
    public Task ExitWhileAway(string line) => RunAsync(line, async (stage, settings) =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", "while [ ! -e /go ]; do usleep 5000; done; exit 23"], settings);
        await stage.Daemon.KillAsync();
        await File.WriteAllTextAsync(Path.Combine(stage.Rootfs, "go"), "");
        await Until.TrueAsync(() => !ProcessTable.Exists(container.Pid), "the container ends");
        await stage.Daemon.StartAsync();
        using EventLog log = await EventLog.FollowAsync(stage);
        await log.WaitForAsync(events => events.Any(e => e.Topic == "/tasks/exit"), "the exit");
        Assert.Equal(23u, Assert.Single(log.Events, e => e.Topic == "/tasks/exit").ExitStatus);
        Assert.Equal(23u, await container.WaitAsync());
        Assert.Equal(23u, await container.DeleteAsync());
    });

    private static Task RunAsync(string line, Func<Stage, ContainerSettings, Task> test)
    {
        DaemonLine.Require(line);
        string shim = Path.Combine(DaemonLine.BinDirectory(line), "containerd-shim-runc-v2");
        return Stage.RunAsync(DaemonLine.Own, stage => test(stage, new ContainerSettings { Shim = shim }));
    }
}
