using System.Text.RegularExpressions;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>shimstackd driven by the ctr of each containerd: all that does not need an image.</summary>
public sealed class CtrTests
{
    private static readonly string[] Obedient = ["/bin/sh", "-c", "trap 'exit 42' TERM; echo ready; while :; do usleep 10000; done"];

    /// <summary>Whose ctr.</summary>
    public static TheoryData<string> Clients => [DaemonLine.Debian12, DaemonLine.Newest];

    [Theory, MemberData(nameof(Clients)), Feature("shimstackd and this ctr: run, run -d, run -t")]
    public Task Run(string client) => RunAsync(client, async (stage, ctr) =>
    {
        CommandResult result = await ctr([.. stage.Ctr.RunArguments("c1", ["/bin/sh", "-c", "echo out; exit 7"], ["--rm"])]);
        Assert.Equal((7, "out\n"), (result.ExitCode, result.Output));
        string terminal = string.Join(' ', stage.Ctr.RunArguments("c2", ["/bin/sh", "-c", "'tty; exit 5'"], ["--rm", "-t"]));
        CommandResult onTerminal = await Command.RunAsync("script", ["-qec", $"{Program(client)} --address {stage.Daemon.Address} --namespace {stage.Namespace} {terminal}", "/dev/null"]);
        Assert.Equal(5, onTerminal.ExitCode);
        Assert.Contains("/dev/pts/", onTerminal.Output, StringComparison.Ordinal);
    });

    [Theory, MemberData(nameof(Clients)), Feature("shimstackd and this ctr: tasks ls, exec, ps, metrics, pause, resume, kill, rm")]
    public Task Tasks(string client) => RunAsync(client, async (stage, ctr) =>
    {
        (await ctr([.. stage.Ctr.RunArguments("c1", Obedient, ["--detach"])])).MustSucceed();
        Assert.Matches("c1 +[0-9]+ +RUNNING", (await ctr(["tasks", "ls"])).MustSucceed().Output);
        Assert.Equal("c1\n", (await ctr(["tasks", "ls", "-q"])).MustSucceed().Output);
        CommandResult exec = await ctr(["tasks", "exec", "--exec-id", "e1", "c1", "/bin/sh", "-c", "echo in; exit 3"]);
        Assert.Equal((3, "in\n"), (exec.ExitCode, exec.Output));
        Assert.Matches("^PID +INFO\n[0-9]+ ", (await ctr(["tasks", "ps", "c1"])).MustSucceed().Output);
        Assert.Contains("c1", (await ctr(["tasks", "metrics", "c1"])).MustSucceed().Output, StringComparison.Ordinal);
        (await ctr(["tasks", "pause", "c1"])).MustSucceed();
        Assert.Contains("PAUSED", (await ctr(["tasks", "ls"])).Output, StringComparison.Ordinal);
        (await ctr(["tasks", "resume", "c1"])).MustSucceed();
        (await ctr(["tasks", "kill", "--signal", "SIGTERM", "c1"])).MustSucceed();
        await UntilListedAsync(ctr, "STOPPED");
        CommandResult removed = (await ctr(["tasks", "rm", "c1"])).MustSucceed();
        Assert.Contains("exit code 42", removed.Error, StringComparison.Ordinal);
        (await ctr(["containers", "rm", "c1"])).MustSucceed();
        Assert.Equal("", (await ctr(["tasks", "ls", "-q"])).Output);
    });

    [Theory, MemberData(nameof(Clients)), Feature("shimstackd and this ctr: tasks attach")]
    public Task Attach(string client) => RunAsync(client, async (stage, ctr) =>
    {
        (await ctr([.. stage.Ctr.RunArguments("c1", ["/bin/sh", "-c", "while [ ! -e /go ]; do usleep 10000; done; echo attached; exit 4"], ["--detach"])])).MustSucceed();
        Task<CommandResult> attached = ctr(["tasks", "attach", "c1"]);
        await Until.TrueAsync(() => ReadsStreams(stage) || attached.IsCompleted, "ctr has the streams");
        await File.WriteAllTextAsync(Path.Combine(stage.Rootfs, "go"), "");
        CommandResult result = await attached;
        Assert.Equal((4, "attached\n"), (result.ExitCode, result.Output)); // and it has removed the task
        (await ctr(["containers", "rm", "c1"])).MustSucceed();
    });

    [Theory, MemberData(nameof(Clients)), Feature("shimstackd and this ctr: containers, namespaces, leases, plugins, version")]
    public Task Metadata(string client) => RunAsync(client, async (stage, ctr) =>
    {
        (await ctr([.. stage.Ctr.RunArguments("c1", Obedient, ["--detach", "--label", "a=b"])])).MustSucceed();
        Assert.Matches($"c1 +- +{Regex.Escape(RuntimeUnderTest.Name)}", (await ctr(["containers", "ls"])).MustSucceed().Output);
        Assert.Contains("\"a\": \"b\"", (await ctr(["containers", "info", "c1"])).MustSucceed().Output, StringComparison.Ordinal);
        (await ctr(["containers", "label", "c1", "c=d"])).MustSucceed();
        Assert.Equal("c1\n", (await ctr(["containers", "ls", "-q", "labels.c==d"])).MustSucceed().Output);
        Assert.NotEqual(0, (await ctr(["containers", "rm", "c1"])).ExitCode);
        Assert.Contains(stage.Namespace, (await ctr(["namespaces", "ls", "-q"])).MustSucceed().Output, StringComparison.Ordinal);
        (await ctr(["namespaces", "create", "other", "x=y"])).MustSucceed();
        Assert.Matches("other +x=y", (await ctr(["namespaces", "ls"])).MustSucceed().Output);
        (await ctr(["namespaces", "rm", "other"])).MustSucceed();
        (await ctr(["leases", "create", "--id", "l1"])).MustSucceed();
        Assert.Contains("l1", (await ctr(["leases", "ls", "-q"])).MustSucceed().Output, StringComparison.Ordinal);
        (await ctr(["leases", "delete", "l1"])).MustSucceed();
        Assert.Contains("io.containerd.runtime.v2", (await ctr(["plugins", "ls"])).MustSucceed().Output, StringComparison.Ordinal);
        Assert.Contains("Server:", (await ctr(["version"])).MustSucceed().Output, StringComparison.Ordinal);
        (await ctr(["tasks", "kill", "--signal", "SIGKILL", "c1"])).MustSucceed();
        await UntilListedAsync(ctr, "STOPPED");
        (await ctr(["tasks", "rm", "c1"])).MustSucceed();
        (await ctr(["containers", "rm", "c1"])).MustSucceed();
    });

    [Theory, MemberData(nameof(Clients)), Feature("shimstackd and this ctr: an image is refused with the reason")]
    public Task Images(string client) => RunAsync(client, async (_, ctr) =>
    {
        CommandResult result = await ctr(["images", "ls"]);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("images stay with the daemon above", result.Error, StringComparison.Ordinal);
    });

    private static string Program(string client) => Path.Combine(DaemonLine.BinDirectory(client), "ctr");

    private static Task RunAsync(string client, Func<Stage, Func<string[], Task<CommandResult>>, Task> test)
    {
        DaemonLine.Require(client);
        return Stage.RunAsync(DaemonLine.Own, stage => test(stage, arguments => Command.RunAsync(Program(client), stage.Ctr.Connected(arguments))));
    }

    private static async Task UntilListedAsync(Func<string[], Task<CommandResult>> ctr, string state)
    {
        for (int tries = 0; !(await ctr(["tasks", "ls"])).Output.Contains(state, StringComparison.Ordinal); tries++)
        {
            Assert.True(tries < 100, $"the task is not {state}");
        }
    }

    // ctr makes its FIFOs in a folder of its own name below /run/containerd; attach has them when it has any of them open.
    private static bool ReadsStreams(Stage stage) => ProcessTable.All()
        .Where(pid => ProcessTable.CommandLine(pid) is string line && line.Contains(stage.Daemon.Address, StringComparison.Ordinal) && line.Contains(" attach ", StringComparison.Ordinal))
        .Any(pid => ProcessTable.OpenPaths(pid).Any(path => path.Contains("c1-stdout", StringComparison.Ordinal)));
}
