using System.Text.Json;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.SystemTests.Supervisor;

namespace ShimStack.SystemTests.Ctl;

/// <summary>shimctl and containers in the background.</summary>
public sealed class BackgroundTests
{
    private const string Obedient = "trap 'exit 42' TERM; echo ready; echo oops >&2; while :; do usleep 10000; done";
    private const string Stubborn = "trap '' TERM; echo ready; while :; do usleep 10000; done";

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl run -d, ps, exec, logs, stop, wait, rm")]
    public Task AContainerLivesAndEnds(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = await stage.StartScriptAsync(Obedient);
        Assert.Matches($"{id} +running +[0-9]+ +- +[0-9]+s +sh -c", (await stage.CallAsync("ps")).MustSucceed().Output);
        CommandResult exec = await stage.CallWithInputAsync("in", "exec", "--env", "A=b", id, "sh", "-c", "cat; echo $A; exit 3");
        Assert.Equal((3, "inb\n"), (exec.ExitCode, exec.Output));
        CommandResult refused = await stage.CallAsync("rm", id);
        Assert.Equal((1, $"shimctl: {id} is running: end it with shimctl stop {id}, or say --force\n"), (refused.ExitCode, refused.Error));
        Task<CommandResult> follow = stage.CallAsync("logs", "-f", id);
        (await stage.CallAsync("stop", id)).MustSucceed();
        Assert.Equal(("ready\n", "oops\n"), (await follow is var followed ? (followed.Output, followed.Error) : default));
        Assert.Equal("42\n", (await stage.CallAsync("wait", id)).MustSucceed().Output);
        Assert.Equal("ready\n", (await stage.CallAsync("logs", id)).MustSucceed().Output);
        (await stage.CallAsync("rm", id)).MustSucceed();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl kill, stop --timeout, rm --force")]
    public Task WhatDoesNotEndIsEnded(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string killed = await stage.StartScriptAsync(Stubborn), stopped = await stage.StartScriptAsync(Stubborn), forced = await stage.StartScriptAsync(Stubborn);
        (await stage.CallAsync("kill", killed)).MustSucceed();
        (await stage.CallAsync("pause", stopped, forced)).MustSucceed();
        Assert.Equal("paused", await stage.StateAsync(stopped));
        (await stage.CallAsync("stop", "--timeout", "0", stopped)).MustSucceed();
        Assert.Equal("137\n137\n", (await stage.CallAsync("wait", killed, stopped)).MustSucceed().Output);
        (await stage.CallAsync("rm", killed, stopped)).MustSucceed();
        (await stage.CallAsync("rm", "--force", forced)).MustSucceed();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl stop: SIGKILL follows SIGTERM though the daemon was killed between them")]
    public Task AStopIsCarriedThroughOverADeathOfTheDaemon(string line) => CtlStage.RunAsync(line, stage => StopAsync(stage, async () =>
    {
        await stage.Daemon.KillAsync();
        await stage.Daemon.StartAsync();
    }));

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl stop: SIGKILL follows SIGTERM though the daemon was upgraded between them")]
    public Task AStopIsCarriedThroughOverAnUpgradeOfTheDaemon(string line) => CtlStage.RunAsync(line, async stage =>
    {
        UpgradeBuilds builds = await UpgradeBuilds.MakeAsync(stage.Stage);
        await StopAsync(stage, () => builds.UpgradeAsync(builds.Second));
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl pause, resume, stats, inspect")]
    public Task WhatIsKnownIsTold(string line) => CtlStage.RunAsync(line, async stage =>
    {
        // Nothing that forks: on a busy machine runc cannot freeze that in a cgroup of version 1.
        string id = await stage.StartScriptAsync("exec sleep 1000", "--memory", "64m");
        (await stage.CallAsync("pause", id)).MustSucceed();
        (await stage.CallAsync("resume", id)).MustSucceed();
        JsonElement usage = Assert.Single(JsonDocument.Parse((await stage.CallAsync("stats", "--json", id)).MustSucceed().Output).RootElement.EnumerateArray());
        Assert.Equal((id, 64 << 20), (usage.GetProperty("id").GetString(), usage.GetProperty("memoryLimitBytes").GetInt64()));
        Assert.True(usage.GetProperty("processes").GetInt32() > 0);
        JsonElement all = JsonDocument.Parse((await stage.CallAsync("inspect", "--json", id)).MustSucceed().Output).RootElement;
        Assert.Equal("running", all.GetProperty("task").GetProperty("state").GetString());
        Assert.Equal("sh", all.GetProperty("spec").GetProperty("process").GetProperty("args")[0].GetString());
        (await stage.CallAsync("rm", "-f", id)).MustSucceed();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl events --since")]
    public Task EventsAreToldFromANumberOn(string line) => CtlStage.RunAsync(line, async stage =>
    {
        Assert.Equal(0, (await stage.RunScriptAsync("exit 0")).ExitCode);
        JsonElement[] events = await EventsAsync(stage, "0");
        Assert.Equal(
            ["/containers/create", "/tasks/create", "/tasks/start", "/tasks/exit", "/tasks/delete", "/containers/delete"],
            events.Select(entry => entry.GetProperty("topic").GetString()).Where(topic => topic!.StartsWith("/containers/", StringComparison.Ordinal) || topic.StartsWith("/tasks/", StringComparison.Ordinal)));
        ulong last = events[^1].GetProperty("sequence").GetUInt64();
        Assert.Equal(last, Assert.Single(await EventsAsync(stage, $"{last}")).GetProperty("sequence").GetUInt64());
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl: errors are one sentence with the next step")]
    public Task ErrorsHelp(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = await stage.StartScriptAsync(Obedient);
        await FailsAsync(125, $"there is a container {id} already: choose another --name", "run", "--name", id, stage.Rootfs, "sh");
        await FailsAsync(125, $"{id} writes to a log: read it with shimctl logs {id}", "attach", id);
        await FailsAsync(125, "there is no container none: shimctl ps", "exec", "none", "sh");
        await FailsAsync(1, "there is no container none: shimctl ps", "rm", "none");
        await FailsAsync(1, "nothing runs in none: shimctl ps", "kill", "none");
        await FailsAsync(64, "signal NOPE is not known", "kill", "--signal", "NOPE", id);
        await FailsAsync(64, "see shimctl --help", "frobnicate");
        CommandResult away = await Command.RunAsync(CtlStage.Program, ["ps", "--address", "/no/such"]);
        Assert.Equal((69, "shimctl: cannot reach the daemon at /no/such: there is no such socket; start shimstackd, or name another one with --address\n"), (away.ExitCode, away.Error));
        (await stage.CallAsync("rm", "-f", id)).MustSucceed();

        async Task FailsAsync(int code, string sentence, params string[] arguments)
        {
            CommandResult result = await stage.CallAsync(arguments);
            Assert.Matches("^shimctl: [^\n]+\n$", result.Error);
            Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
            Assert.Equal(code, result.ExitCode);
        }
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl logs -f: SIGKILL of the daemon is not noticed")]
    public Task LogsGoOnWithoutADaemon(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = await stage.StartScriptAsync("trap 'exit 0' TERM; i=0; while :; do echo $i; i=$((i+1)); usleep 5000; done");
        using System.Diagnostics.Process follower = stage.Begin("logs", "-f", id);
        int next = 0;
        await ReadAsync(20);
        await stage.Daemon.KillAsync();
        await ReadAsync(50);
        await stage.Daemon.StartAsync();
        await ReadAsync(20);
        (await stage.CallAsync("stop", id)).MustSucceed();
        while (await follower.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)) is string rest)
        {
            Assert.Equal($"{next++}", rest);
        }

        await follower.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal((0, ""), (follower.ExitCode, await follower.StandardError.ReadToEndAsync()));
        (await stage.CallAsync("rm", id)).MustSucceed();

        async Task ReadAsync(int count)
        {
            for (int end = next + count; next < end; next++)
            {
                Assert.Equal($"{next}", await follower.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)));
            }
        }
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl logs --tail, --since, --timestamps")]
    public Task LogsAreCutToWhatIsWanted(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = await stage.StartScriptAsync("seq 5; while [ ! -e /go ]; do usleep 10000; done; echo last");
        await Until.TrueAsync(() => File.ReadAllText($"{stage.Logs}/{stage.Namespace}/{id}.log").Contains("5\\n", StringComparison.Ordinal), "it has written");
        Assert.Equal("4\n5\n", (await stage.CallAsync("logs", "--tail", "2", id)).MustSucceed().Output);
        Assert.Equal("1\n2\n3\n4\n5\n", (await stage.CallAsync("logs", "--since", "10m", id)).MustSucceed().Output);
        Assert.Equal("", (await stage.CallAsync("logs", "--since", "2999-01-01T00:00:00Z", id)).MustSucceed().Output);
        Assert.Matches("^20[0-9-]+T[0-9:.]+Z 5\n$", (await stage.CallAsync("logs", "-t", "-n", "1", id)).MustSucceed().Output);
        Task<CommandResult> follow = stage.CallAsync("logs", "-f", "--tail", "1", id);
        await File.WriteAllTextAsync(Path.Combine(stage.Rootfs, "go"), "");
        Assert.EndsWith("last\n", (await follow).MustSucceed().Output, StringComparison.Ordinal);
        Assert.Equal("0\n", (await stage.CallAsync("wait", id)).MustSucceed().Output);
        (await stage.CallAsync("rm", id)).MustSucceed();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl stop: several at once")]
    public Task SeveralAreStoppedAtOnce(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string[] ids = [await stage.StartScriptAsync(Stubborn), await stage.StartScriptAsync(Stubborn), await stage.StartScriptAsync(Stubborn)];
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        CommandResult result = await stage.CallAsync(["stop", "--timeout", "4", "none", .. ids]);
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(10), "one after the other they take 12 s");
        Assert.Equal((1, "shimctl: nothing runs in none: shimctl ps shows what does\n"), (result.ExitCode, result.Error));
        Assert.Equal("137\n137\n137\n", (await stage.CallAsync(["wait", .. ids])).MustSucceed().Output);
        (await stage.CallAsync(["rm", .. ids])).MustSucceed();
    });

    // A stop of what answers SIGTERM and goes on; something happens before SIGKILL is due.
    private static async Task StopAsync(CtlStage stage, Func<Task> meanwhile)
    {
        string id = await stage.StartScriptAsync("trap 'echo asked' TERM; echo ready; while :; do usleep 10000; done");
        string log = $"{stage.Logs}/{stage.Namespace}/{id}.log";
        await Until.TrueAsync(() => File.ReadAllText(log).Contains("ready", StringComparison.Ordinal), "it minds SIGTERM"); // a first process without a trap never gets it
        Task<CommandResult> stop = stage.CallAsync("stop", "--timeout", "2", id);
        await Until.TrueAsync(() => File.ReadAllText(log).Contains("asked", StringComparison.Ordinal), "SIGTERM has come");
        await meanwhile();
        Assert.Equal((0, "", ""), (await stop is var stopped ? (stopped.ExitCode, stopped.Output, stopped.Error) : default));
        Assert.Equal("137\n", (await stage.CallAsync("wait", id)).MustSucceed().Output);
        (await stage.CallAsync("rm", id)).MustSucceed();
    }

    private static async Task<JsonElement[]> EventsAsync(CtlStage stage, string since) =>
        [.. (await stage.CallAsync("events", "--since", since, "--no-follow", "--json")).MustSucceed().Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}
