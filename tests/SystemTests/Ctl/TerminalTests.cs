using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Ctl;

/// <summary>shimctl on a terminal.</summary>
public sealed class TerminalTests
{
    private const string DetachKeys = "\u0010\u0011";

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl run -t, exec -t: a terminal, its size, ctrl-c, exit code")]
    public Task ATerminalIsOne(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = stage.NewId();
        using TerminalClient run = stage.BeginOnTerminal("run", "--rm", "-t", "--name", id, stage.Rootfs, "sh", "-c", "tty; echo $TERM; trap \"exit 6\" INT; echo ready; while :; do usleep 10000; done");
        await run.UntilShownAsync("ready");
        Assert.Contains("/dev/pts/0", run.Shown, StringComparison.Ordinal);
        using TerminalClient exec = stage.BeginOnTerminal("exec", "-t", id, "sh", "-c", "read x; echo got $x; exit 5");
        await exec.TypeAsync("word\r");
        Assert.Equal(5, await exec.EndAsync());
        Assert.Contains("got word", exec.Shown, StringComparison.Ordinal);
        await run.TypeAsync("\u0003");
        Assert.Equal(6, await run.EndAsync());
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl: detach keys, attach")]
    public Task ItCanBeLeftAndJoinedAgain(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = stage.NewId();
        using TerminalClient first = stage.BeginOnTerminal("run", "--rm", "-t", "--name", id, stage.Rootfs, "sh", "-c", "echo ready; read x; echo got $x; read y; exit 4");
        await first.UntilShownAsync("ready");
        await first.TypeAsync(DetachKeys);
        Assert.Equal(0, await first.EndAsync());
        Assert.Contains($"shimctl attach {id}", first.Shown, StringComparison.Ordinal);
        Assert.Equal("running", await stage.StateAsync(id));
        using TerminalClient second = stage.BeginOnTerminal("attach", id);
        await second.TypeAsync("word\r");
        await second.UntilShownAsync("got word");
        await second.TypeAsync("\r");
        Assert.Equal(4, await second.EndAsync());
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl: -t without a terminal is refused")]
    public Task NoTerminalIsRefused(string line) => CtlStage.RunAsync(line, async stage =>
    {
        CommandResult result = await stage.CallAsync("run", "-t", stage.Rootfs, "sh");
        Assert.Equal((125, "shimctl: -t needs a terminal, and stdin is none: leave it out, or run this in a terminal\n"), (result.ExitCode, result.Error));
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl run -t: another size of the terminal is one of the container's")]
    public Task ItHasTheSizeOfOurs(string line) => CtlStage.RunAsync(line, async stage =>
    {
        using TerminalClient run = stage.BeginOnTerminal(
            "run", "--rm", "-t", "--name", stage.NewId(), stage.Rootfs, "sh", "-c", "trap \"stty size\" WINCH; echo ready; while [ ! -e /go ]; do usleep 10000; done");
        await run.UntilShownAsync("ready");
        await run.ResizeAsync(97, 31);
        await run.UntilShownAsync("31 97");
        await run.ResizeAsync(120, 40);
        await run.UntilShownAsync("40 120");
        await File.WriteAllTextAsync(Path.Combine(stage.Rootfs, "go"), "");
        Assert.Equal(0, await run.EndAsync());
    });
}
