using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Containers;

/// <summary>What a person does with one container and `ctr`.</summary>
public sealed class OneContainerTests
{
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("output and exit code")]
    public Task OutputAndExitCodeReachTheClient(string line) => Stage.RunAsync(line, async stage =>
    {
        CommandResult result = await stage.Ctr.RunContainerAsync("c1", ["/bin/sh", "-c", "echo to stdout; echo to stderr >&2; exit 42"]);
        Assert.Equal((42, "to stdout\n", "to stderr\n"), (result.ExitCode, result.Output, result.Error));
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task InputReachesTheContainer(string line) => Stage.RunAsync(line, async stage =>
    {
        CommandResult result = await stage.Ctr.RunContainerAsync("c1", ["/bin/sh", "-c", "read a; read b; echo $b $a"], input: "one\ntwo\n");
        Assert.Equal((0, "two one\n"), (result.ExitCode, result.Output));
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task TheEndOfInputReachesTheContainerAfterCloseIO(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/cat"], new ContainerSettings { Input = true });
        Task<uint> exit = container.WaitAsync();
        await File.WriteAllTextAsync(container.InputPath, "first\n");
        await Until.TrueAsync(() => container.Output!.Text == "first\n", "the first line comes back");
        // The client has closed its end, the shim has not: a second client may come.
        await File.WriteAllTextAsync(container.InputPath, "second\n");
        await container.CloseInputAsync();
        Assert.Equal(0u, await exit);
        Assert.Equal("first\nsecond\n", await container.Output!.Completion);
        await container.DeleteAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task ATerminalIsATerminal(string line) => Stage.RunAsync(line, async stage =>
    {
        string[] run = stage.Ctr.RunArguments("c1", ["/bin/sh", "-c", "tty; read word; echo got $word; exit 5"], ["--rm", "-t"]);
        CommandResult result = await stage.Ctr.RunInTerminalAsync(run, "hello\n");
        Assert.Equal(5, result.ExitCode);
        Assert.Contains("/dev/pts/", result.Output, StringComparison.Ordinal);
        Assert.Contains("got hello", result.Output, StringComparison.Ordinal);
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task AnExecHasItsOwnOutputAndExitCode(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"]);
        CommandResult exec = await stage.Ctr.RunAsync("tasks", "exec", "--exec-id", "e1", "c1", "/bin/sh", "-c", "echo in; ps | grep -c [s]leep; exit 7");
        Assert.Equal((7, "in\n1\n"), (exec.ExitCode, exec.Output));
        await container.EndAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task AnExecInATerminalIsOne(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"]);
        CommandResult exec = await stage.Ctr.RunInTerminalAsync(["tasks", "exec", "-t", "--exec-id", "e1", "c1", "/bin/sh", "-c", "tty; exit 6"], "");
        Assert.Equal(6, exec.ExitCode);
        Assert.Contains("/dev/pts/", exec.Output, StringComparison.Ordinal);
        await container.EndAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task ASignalReachesTheProcess(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", "trap 'echo caught; exit 9' TERM; echo ready; while :; do sleep 0.05; done"]);
        Task<uint> exit = container.WaitAsync();
        await Until.TrueAsync(() => container.Output!.Text == "ready\n", "the container is ready");
        await container.KillAsync(15);
        Assert.Equal(9u, await exit);
        Assert.Equal("ready\ncaught\n", await container.Output!.Completion);
        Assert.Equal(9u, await container.DeleteAsync());
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task StateTellsWhatCreateWasGiven(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.CreateAsync(stage, "c1", ["/bin/sleep", "1000"]);
        Wire.Tasks.Process created = await container.StateAsync();
        Assert.Equal((Wire.Tasks.Status.Created, (uint)container.Pid, container.Output!.Path), (created.Status, created.Pid, created.Stdout));
        await container.StartAsync();
        Assert.Equal(Wire.Tasks.Status.Running, (await container.StateAsync()).Status);
        await container.EndAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task LargeOutputArrivesWhole(string line) => Stage.RunAsync(line, async stage =>
    {
        // Read here: ctr closes its streams when it hears of the exit, read to their end or not.
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", "seq 1 300000"]);
        Assert.Equal(0u, await container.WaitAsync());
        Assert.Equal(0u, await container.DeleteAsync()); // it waits for what is on its way
        string expected = string.Concat(Enumerable.Range(1, 300000).Select(n => $"{n}\n"));
        await Until.TrueAsync(() => container.Output!.Text.Length >= expected.Length, "all of it has come");
        Assert.Equal(expected, container.Output!.Text);
    });
}
