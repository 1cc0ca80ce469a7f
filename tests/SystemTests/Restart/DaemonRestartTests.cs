using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Restart;

/// <summary>The main promise: the container does not notice that the daemon died, and the daemon finds it again.</summary>
public sealed class DaemonRestartTests
{
    private const int Kills = 20;
    private const string Writer = "trap 'exit 42' TERM; i=0; while :; do echo line $i; i=$((i+1)); usleep 2000; done";

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task AWritingContainerOutlivesTwentyDaemons(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", Writer]);
        int shim = Assert.Single(stage.Shims());
        for (int kill = 0; kill < Kills; kill++)
        {
            await stage.Daemon.KillAsync();
            int seen = container.Output!.Text.Length;
            await Until.TrueAsync(() => container.Output.Text.Length > seen, "the container writes on without a daemon");
            await stage.Daemon.StartAsync();
            Wire.Tasks.Process state = await container.StateAsync();
            Assert.Equal((Wire.Tasks.Status.Running, (uint)container.Pid), (state.Status, state.Pid));
            Assert.Equal(shim, Assert.Single(stage.Shims()));
        }

        Task<uint> exit = container.WaitAsync();
        await container.KillAsync(15);
        Assert.Equal(42u, await exit);
        string[] lines = (await container.Output!.Completion).TrimEnd('\n').Split('\n');
        Assert.Equal(Enumerable.Range(0, lines.Length).Select(n => $"line {n}"), lines);
        Assert.Equal(42u, await container.DeleteAsync());
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task AContainerThatEndsWhileTheDaemonIsAwayKeepsItsExitCode(string line) => Stage.RunAsync(line, async stage =>
    {
        // A daemon from 1.7 on takes a stopped task without pids for a leak, and invents the code: the reference falls into that.
        Assert.SkipWhen(RuntimeUnderTest.IsReference && line != DaemonLine.Debian12, "the reference shim loses this exit code");
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"]);
        await stage.Daemon.KillAsync();
        Signal(container.Pid);
        await Until.TrueAsync(() => !ProcessTable.Exists(container.Pid), "the container's process ends");
        await stage.Daemon.StartAsync();
        Assert.Equal(137u, await container.WaitAsync());
        Assert.Equal(137u, await container.DeleteAsync());
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task ACreatedContainerCanBeStartedByTheNextDaemon(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.CreateAsync(stage, "c1", ["/bin/sh", "-c", "exit 5"]);
        await stage.Daemon.KillAsync();
        await stage.Daemon.StartAsync();
        Task<uint> exit = container.WaitAsync();
        await container.StartAsync();
        Assert.Equal(5u, await exit);
        Assert.Equal(5u, await container.DeleteAsync());
    });

    private static void Signal(int pid)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.GetProcessById(pid);
        process.Kill();
    }
}
