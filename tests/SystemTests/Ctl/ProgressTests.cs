using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Ctl;

/// <summary>What takes longer than a second says on a terminal what it waits for.</summary>
public sealed class ProgressTests
{
    [Theory, InlineData(DaemonLine.Own), Feature("shimctl stop, wait: progress on a terminal alone")]
    public Task WhatTakesLongSaysWhatItWaitsFor(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = await stage.StartScriptAsync("trap '' TERM; while :; do usleep 10000; done");
        using TerminalClient wait = stage.BeginOnTerminal("wait", id);
        await wait.UntilShownAsync($"{id} runs … 1 s");
        using TerminalClient stop = stage.BeginOnTerminal("stop", "--timeout", "2", id);
        await stop.UntilShownAsync("SIGKILL follows after 2 s … 1 s");
        Assert.Equal((0, 0), (await stop.EndAsync(), await wait.EndAsync()));
        Assert.EndsWith("137\r\n", wait.Shown, StringComparison.Ordinal);
        (await stage.CallAsync("rm", id)).MustSucceed();
        string piped = await stage.StartScriptAsync("trap '' TERM; while :; do usleep 10000; done");
        CommandResult quiet = await stage.CallAsync("stop", "--timeout", "2", piped);
        Assert.Equal((0, "", ""), (quiet.ExitCode, quiet.Output, quiet.Error));
        (await stage.CallAsync("rm", piped)).MustSucceed();
    });
}
