using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Runtimes;

/// <summary>Pause and resume.</summary>
public sealed class FreezeTests
{
    private static readonly string[] Writer = ["/bin/sh", "-c", "i=0; while :; do echo line $i; i=$((i+1)); usleep 2000; done"];

    [Theory, MemberData(nameof(Against.LinesAndRuntimes), MemberType = typeof(Against)), Feature("pause and resume")]
    public Task APausedContainerStandsStillUntilItIsResumed(string column) => Against.RunAsync(column, async (stage, settings) =>
    {
        Container container = await RunWriterAsync(stage, settings);
        (await stage.Ctr.RunAsync("tasks", "pause", "c1")).MustSucceed();
        Assert.Equal(Wire.Tasks.Status.Paused, (await container.StateAsync()).Status);
        Assert.True(IsFrozen(stage, container), "the processes are not frozen");
        (await stage.Ctr.RunAsync("tasks", "resume", "c1")).MustSucceed();
        Assert.Equal(Wire.Tasks.Status.Running, (await container.StateAsync()).Status);
        await WritesOnAsync(container);
        await container.EndAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("a paused container under the next daemon")]
    public Task APausedContainerIsPausedForTheNextDaemonToo(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await RunWriterAsync(stage, new ContainerSettings());
        await container.PauseAsync();
        await stage.Daemon.KillAsync();
        await stage.Daemon.StartAsync();
        Assert.Equal(Wire.Tasks.Status.Paused, (await container.StateAsync()).Status);
        Assert.True(IsFrozen(stage, container), "the processes are not frozen");
        await container.ResumeAsync();
        await WritesOnAsync(container);
        await container.EndAsync();
    });

    // Not asked of crun 1.8: it left a killed container frozen with our shim; with the reference it was not tried.
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("SIGKILL for a paused container")]
    public Task APausedContainerCanBeKilled(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await RunWriterAsync(stage, new ContainerSettings());
        await container.PauseAsync();
        await container.EndAsync();
    });

    private static async Task<Container> RunWriterAsync(Stage stage, ContainerSettings settings)
    {
        Container container = await Container.RunAsync(stage, "c1", Writer, settings);
        await Until.TrueAsync(() => container.Output!.Text.Length > 0, "the container writes");
        return container;
    }

    private static Task WritesOnAsync(Container container)
    {
        int seen = container.Output!.Text.Length;
        // More than a pipe can have held back.
        return Until.TrueAsync(() => container.Output.Text.Length > seen + 100, "the container writes on");
    }

    private static bool IsFrozen(Stage stage, Container container) =>
        CgroupFile.Read(stage, container.Pid, "freezer", "freezer.state", "cgroup.freeze") is "FROZEN" or "1";
}
