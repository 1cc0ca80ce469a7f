using System.Text.Json;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Drill;

/// <summary>`shimctl drill run --live`: the daemon may die as often as it likes, and nobody else may notice but by its absence.</summary>
public sealed class LiveDrillTests
{
    private const string Line = DaemonLine.Newest;

    [Theory, InlineData(DaemonLine.Debian12), InlineData(DaemonLine.Newest), InlineData(DaemonLine.Own)]
    public Task ADaemonOfTheMachineIsDrilledAndGoesOn(string line) => LiveStage.RunAsync(line, async live =>
    {
        JsonElement drill = await live.Drill.RunAsync([.. live.StartCommand, "--shim", DrillCommand.OwnShim, "sigterm", "sigkill", "freeze", "start",
            "--seed", "71"]);
        Assert.True(drill.GetProperty("live").GetBoolean());
        Assert.NotEqual(0, drill.GetProperty("notChecked").GetArrayLength());
        Assert.Equal([1, 2, 0, 4], drill.GetProperty("scenarios").EnumerateArray().Select(one => one.GetProperty("kills").GetInt32()));
        Assert.All(drill.GetProperty("scenarios").EnumerateArray(), one => Assert.True(one.GetProperty("outputBytes").GetInt64() > 1000));
        Assert.NotEqual(live.Stage.Daemon.Pid, live.DaemonPid());
    });

    [Theory, InlineData("let everything go on for 2000 ms", "INT"), InlineData("wait until", "TERM")]
    public Task AnInterruptedDrillLeavesTheDaemonServing(string step, string signal) => LiveStage.RunAsync(Line, async live =>
    {
        string scenario = signal == "INT" ? "freeze" : "away";
        int pid = await live.Drill.StartAsync(["--yes", .. live.StartCommand, "--shim", DrillCommand.OwnShim, scenario]);
        await live.Drill.SaysAsync(step);
        Assert.Equal(130, await live.Drill.EndAsync(pid, signal));
    });

    [Fact]
    public Task WhatMustNotBeDrilledIsRefusedAndNothingIsDone() => LiveStage.RunAsync(Line, async live =>
    {
        string[] target = LiveStage.Target(live.Stage);
        string[] complete = [.. target, .. live.StartCommand];
        Assert.Contains("there is no terminal: --yes", await LiveDrill.RefusedAsync([.. complete, "sigkill"]), StringComparison.Ordinal);
        Assert.Contains("say with --start-command", await LiveDrill.RefusedAsync([.. target, "sigkill", "--yes"]), StringComparison.Ordinal);
        Assert.Contains("full-disk is not for a live daemon: it fills", await LiveDrill.RefusedAsync([.. complete, "full-disk", "--yes"]), StringComparison.Ordinal);
        Assert.Contains("that is no daemon of --target shimstack",
            await LiveDrill.RefusedAsync(["--target", "shimstack", .. complete[2..], "--yes"]), StringComparison.Ordinal);
        Assert.Contains("does not answer as docker does", await LiveDrill.RefusedAsync(["--target", "docker", .. complete[2..], "--yes"]), StringComparison.Ordinal);
        Assert.Contains($"nobody listens on {live.Stage.Directory}/none",
            await LiveDrill.RefusedAsync(["--target", "containerd", "--address", $"{live.Stage.Directory}/none", "--yes"]), StringComparison.Ordinal);
        CommandResult no = await LiveDrill.AnsweredAsync("no", [.. complete, "sigkill"]);
        Assert.True(no.ExitCode == 1, no.ToString());
        Assert.Contains("1 in " + live.Stage.Namespace, no.Output, StringComparison.Ordinal);
        Assert.Contains("kills or ends this daemon 2 times a round", no.Output, StringComparison.Ordinal);
        Assert.Contains("nothing was done: the answer was not yes", no.Output, StringComparison.Ordinal);
        Assert.Equal(live.Stage.Daemon.Pid, live.DaemonPid());
    });

    [Fact]
    public Task AnAnswerOfYesIsEnough() => LiveStage.RunAsync(Line, async live =>
    {
        // One that cannot run a container has nothing done to it.
        CommandResult yes = await LiveDrill.AnsweredAsync("yes", [.. LiveStage.Target(live.Stage), .. live.StartCommand, "sigkill", "--shim", "/bin/false"]);
        Assert.True(yes.ExitCode == 1, yes.ToString());
        Assert.Contains("cannot run a container of the drill, so nothing was done to it", yes.Output, StringComparison.Ordinal);
        Assert.Equal(live.Stage.Daemon.Pid, live.DaemonPid());
    });
}
