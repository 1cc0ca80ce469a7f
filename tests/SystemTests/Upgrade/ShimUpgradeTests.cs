using System.Text.Json;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Upgrade;

/// <summary>The shim is replaced under its container, and neither the container nor the daemon nor a client notices.</summary>
public sealed class ShimUpgradeTests
{
    private const string Writer = "trap 'exit 42' TERM; i=0; while :; do echo line $i; i=$((i+1)); usleep 2000; done";

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("shim upgraded in place, there and back: output, wait and exec go on")]
    public Task AWritingContainerGoesOn(string line) => Stage.RunAsync(line, async stage =>
    {
        ShimBuilds builds = await ShimBuilds.MakeAsync(stage);
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", Writer]);
        int shim = Assert.Single(stage.Shims());
        Task<uint> exit = container.WaitAsync();
        await container.AddExecAsync("e1", "/bin/sh", "-c", "trap 'exit 7' TERM; while :; do usleep 10000; done");
        await container.StartAsync("e1");
        Task<uint> execExit = container.WaitAsync("e1");
        await container.AddExecAsync("e2", "/bin/sh", "-c", "exit 3");

        foreach (string build in (string[])[builds.Second, ShimBuilds.First, builds.Second])
        {
            JsonElement outcome = Assert.Single(await builds.UpgradeAsync(build, "c1"));
            Assert.Equal(shim, outcome.GetProperty("pid").GetInt32());
            int seen = container.Output!.Text.Length;
            await Until.TrueAsync(() => container.Output.Text.Length > seen, "the container writes on");
            CommandResult exec = await stage.Ctr.RunAsync("tasks", "exec", "--exec-id", "e9", "c1", "/bin/sh", "-c", "echo in; exit 5");
            Assert.Equal((5, "in\n"), (exec.ExitCode, exec.Output));
        }

        Assert.False(exit.IsCompleted || execExit.IsCompleted);
        await container.StartAsync("e2"); // it was added to the build before
        Assert.Equal(3u, await container.WaitAsync("e2"));
        Assert.Equal(3u, await container.DeleteExecAsync("e2"));
        await container.KillAsync(15, "e1");
        Assert.Equal(7u, await execExit);
        Assert.Equal(7u, await container.DeleteExecAsync("e1"));
        await container.KillAsync(15);
        Assert.Equal(42u, await exit);
        string[] lines = (await container.Output!.Completion).TrimEnd('\n').Split('\n');
        Assert.Equal(Enumerable.Range(0, lines.Length).Select(n => $"line {n}"), lines);
        Assert.Equal(42u, await container.DeleteAsync());
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("shim upgraded in place while ctr waits for a task")]
    public Task AWaitingClientGetsTheTrueCodeFromTheOtherBuild(string line) => Stage.RunAsync(line, async stage =>
    {
        ShimBuilds builds = await ShimBuilds.MakeAsync(stage);
        // Without streams: a client that comes late would open FIFOs to which nobody writes any more.
        ContainerSettings silent = new() { Output = false };
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", "trap 'exit 42' TERM; : >/tmp/ready; while :; do usleep 10000; done"], silent);
        await Until.TrueAsync(() => File.Exists(Path.Combine(stage.Rootfs, "tmp/ready")), "the container runs");
        Task<CommandResult> client = stage.Ctr.RunAsync("tasks", "attach", "c1");
        Task<uint> wait = container.WaitAsync();
        await builds.UpgradeAsync(builds.Second, "c1");
        await container.KillAsync(15);
        Assert.Equal(42u, await wait);
        CommandResult attached = await client;
        Assert.True(attached.ExitCode == 42, attached.ToString()); // it has deleted the task
        await container.DeleteRecordAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("shim upgraded in place under a terminal with input")]
    public Task ATerminalGoesOn(string line) => Stage.RunAsync(line, async stage =>
    {
        ShimBuilds builds = await ShimBuilds.MakeAsync(stage);
        Container container = await Container.RunAsync(
            stage, "c1", ["/bin/sh", "-c", "tty; while read word; do echo got $word; done; exit 5"], new ContainerSettings { Terminal = true, Input = true });
        await Until.TrueAsync(() => container.Output!.Text.Contains("/dev/pts/", StringComparison.Ordinal), "the terminal is there");
        await File.WriteAllTextAsync(container.InputPath, "one\n");
        await Until.TrueAsync(() => container.Output!.Text.Contains("got one", StringComparison.Ordinal), "input reaches it");
        await builds.UpgradeAsync(builds.Second, "c1");
        await File.WriteAllTextAsync(container.InputPath, "two\n");
        await Until.TrueAsync(() => container.Output!.Text.Contains("got two", StringComparison.Ordinal), "input reaches it afterwards");
        Task<uint> exit = container.WaitAsync();
        await container.CloseInputAsync();
        Assert.Equal(5u, await exit);
        await container.DeleteAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("shim upgraded in place under a paused container")]
    public Task APausedContainerStaysPausedAndGoesOn(string line) => Stage.RunAsync(line, async stage =>
    {
        ShimBuilds builds = await ShimBuilds.MakeAsync(stage);
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", Writer]);
        await container.PauseAsync();
        await builds.UpgradeAsync(builds.Second, "c1");
        Assert.Equal(Wire.Tasks.Status.Paused, (await container.StateAsync()).Status);
        int seen = container.Output!.Text.Length;
        await container.ResumeAsync();
        await Until.TrueAsync(() => container.Output.Text.Length > seen, "it writes on");
        await container.EndAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("shim upgraded in place while nobody reads and output is spooled")]
    public Task OutputThatNobodyReadsFollowsAfterwards(string line) => Stage.RunAsync(line, async stage =>
    {
        ShimBuilds builds = await ShimBuilds.MakeAsync(stage);
        string fifo = Path.Combine(stage.Directory, "unread");
        Fifo.Make(fifo);
        await using (FileStream reader = new(fifo, FileMode.Open, FileAccess.ReadWrite)) // so that the shim finds one
        {
            Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"]);
            await container.AddExecToAsync(fifo, "e1", "/bin/sh", "-c", "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; exit 4");
            await container.StartAsync("e1");
            Assert.Equal(4u, await container.WaitAsync("e1")); // it has written 200 KB into a FIFO of 64: the rest is kept
            await builds.UpgradeAsync(builds.Second, "c1");
            byte[] expected = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 20000).Select(static n => $"line {n}\n")));
            byte[] read = new byte[expected.Length];
            await reader.ReadExactlyAsync(read).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            Assert.Equal(expected, read);
            await container.DeleteExecAsync("e1");
            await container.EndAsync();
        }
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task AContainerThatEndsWhileItsShimIsReplacedHasItsTrueCode(string line) => Stage.RunAsync(line, async stage =>
    {
        ShimBuilds builds = await ShimBuilds.MakeAsync(stage);
        for (int i = 0; i < 5; i++)
        {
            Container container = await Container.RunAsync(stage, $"c{i}", ["/bin/sh", "-c", $"trap 'exit {40 + i}' TERM; echo ready; while :; do usleep 1000; done"]);
            await Until.TrueAsync(() => container.Output!.Text == "ready\n", "the container runs");
            int shim = Assert.Single(stage.Shims());
            Task<uint> exit = container.WaitAsync();
            Task upgrade = builds.UpgradeAsync(builds.Second, container.Id);
            Task end = EndDuringAsync(container.Pid, shim, builds.Second);
            Assert.Equal((uint)(40 + i), await exit);
            await Task.WhenAll(upgrade, end);
            Assert.Equal((uint)(40 + i), await container.DeleteAsync());
        }
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("daemon restarted after the shim was upgraded in place")]
    public Task TheNextDaemonFindsTheOtherBuild(string line) => Stage.RunAsync(line, async stage =>
    {
        ShimBuilds builds = await ShimBuilds.MakeAsync(stage);
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", Writer]);
        await stage.Daemon.KillAsync();
        await builds.UpgradeAsync(builds.Second, "c1"); // no daemon is needed for it
        await stage.Daemon.StartAsync();
        Assert.Equal((uint)container.Pid, (await container.StateAsync()).Pid);
        Task<uint> exit = container.WaitAsync();
        await container.KillAsync(15);
        Assert.Equal(42u, await exit);
        Assert.Equal(42u, await container.DeleteAsync());
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task ManyAtOnceAndAFailureIsToldAndChangesNothing(string line) => Stage.RunAsync(line, async stage =>
    {
        ShimBuilds builds = await ShimBuilds.MakeAsync(stage);
        List<Container> containers = [];
        for (int i = 0; i < 4; i++)
        {
            containers.Add(await Container.RunAsync(stage, $"c{i}", ["/bin/sleep", "1000"], new ContainerSettings { Output = false }));
        }

        Assert.Equal(4, (await builds.UpgradeAsync(builds.Second)).Count);
        CommandResult refused = await builds.CallAsync("--to", "/bin/true", "c1", "nobody");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("shimctl: c1: not upgraded: /", refused.Error, StringComparison.Ordinal);
        Assert.Contains("has a container nobody in the namespace", refused.Error, StringComparison.Ordinal);
        CommandResult told = (await builds.CallAsync("--to", ShimBuilds.First, "c2")).MustSucceed();
        Assert.Matches($"^c2: upgraded from {builds.OtherVersion} to {builds.Version}: same process [0-9]+, nothing moved for [0-9.]+ ms\n$", told.Output);
        Assert.Equal(64, (await builds.CallAsync()).ExitCode);
        foreach (Container container in containers)
        {
            await container.EndAsync();
        }
    });

    // By the kernel, and as near to the exec as can be seen from here.
    private static async Task EndDuringAsync(int pid, int shim, string build)
    {
        await Until.TrueAsync(() => ProcessTable.Executable(shim) == build, "the other build runs");
        (await Command.RunAsync("kill", ["-TERM", $"{pid}"])).MustSucceed();
    }
}
