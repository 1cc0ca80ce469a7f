using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Runtimes;

/// <summary>Which shim the daemon starts, which runtime the shim runs, and how it is started.</summary>
public sealed class RuntimeChoiceTests
{
    private static readonly string[] Script = ["/bin/sh", "-c", "echo out; exit 3"];

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("a shim named by its path")]
    public Task TheShimCanBeNamedByItsPath(string line) => Stage.RunAsync(line, async stage =>
    {
        string shim = RuntimeUnderTest.Binary(line);
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"], new ContainerSettings { Shim = shim });
        Assert.Equal(shim, ProcessTable.Executable(Assert.Single(stage.Shims())));
        await container.EndAsync();
    });

    [Theory, MemberData(nameof(Against.LinesAndRuntimes), MemberType = typeof(Against)), Feature("output and exit code of a task")]
    public Task TheRuntimeIsChosenByTheOptions(string column) => Against.RunAsync(column, async (stage, settings) =>
    {
        Container container = await Container.CreateAsync(stage, "c1", Script, settings);
        Task<uint> exit = container.WaitAsync();
        await container.StartAsync();
        Assert.Equal(3u, await exit);
        Assert.Equal("out\n", await container.Output!.Completion);
        Assert.Equal(3u, await container.DeleteAsync());
    });

    [Theory, MemberData(nameof(Against.LinesAndRuntimes), MemberType = typeof(Against)), Feature("exec and its exit code")]
    public Task AnExecRunsInEveryRuntime(string column) => Against.RunAsync(column, async (stage, settings) =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"], settings);
        CommandResult exec = await stage.Ctr.RunAsync("tasks", "exec", "--exec-id", "e1", "c1", "/bin/sh", "-c", "echo in; exit 7");
        Assert.Equal((7, "in\n"), (exec.ExitCode, exec.Output));
        await container.EndAsync();
    });

    [Theory, MemberData(nameof(Against.LinesAndRuntimes), MemberType = typeof(Against)), Feature("delete of a task that was never started")]
    public Task ACreatedTaskCanBeDeleted(string column) => Against.RunAsync(column, async (stage, settings) =>
    {
        Container container = await Container.CreateAsync(stage, "c1", Script, settings);
        await container.DeleteAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("a daemon at log level debug")]
    public Task ADaemonThatDebugsItsShims(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"]);
        Assert.Contains(" -debug", ProcessTable.CommandLine(Assert.Single(stage.Shims())), StringComparison.Ordinal);
        await container.EndAsync();
    }, daemonPrefix: """/bin/sh -c 'exec "$0" "$@" --log-level debug'""");

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("core scheduling (SCHED_CORE)")]
    public Task AShimOnCoresOfItsOwn(string line) => Stage.RunAsync(line, async stage =>
    {
        CommandResult result = await stage.Ctr.RunContainerAsync("c1", Script);
        if (result.ExitCode != 3)
        {
            // A kernel without it says so when it is asked, and the user is told.
            Assert.Contains("sched core", result.Error, StringComparison.Ordinal);
            Assert.Skip("the kernel of this machine has no core scheduling (CONFIG_SCHED_CORE), and the shim says so");
        }

        Assert.Equal("out\n", result.Output);
    }, daemonPrefix: "env SCHED_CORE=1");
}
