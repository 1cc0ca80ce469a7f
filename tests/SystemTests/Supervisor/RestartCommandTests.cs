using System.Text.Json;
using System.Text.RegularExpressions;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Ctl;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>Restart policies as an operator meets them: shimctl's words.</summary>
public sealed class RestartCommandTests
{
    private const string Stays = "echo run; exec sleep 1000";

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl run --restart: one log for all runs, inspect tells how they ended")]
    public Task OneLogHasAllRuns(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = await stage.StartScriptAsync("echo run; exit 3", "--restart", "on-failure:2");
        JsonElement ended = await RestartAsync(stage, id, restart => restart.GetProperty("state").GetString() == "ended");
        Assert.Equal(("on-failure:2", 2, 3), (ended.GetProperty("policy").GetString(), ended.GetProperty("count").GetInt32(), ended.GetProperty("lastExitCode").GetInt32()));
        Assert.Equal("run\nrun\nrun\n", (await stage.CallAsync("logs", id)).MustSucceed().Output);
        Assert.Equal("3\n", (await stage.CallAsync("wait", id)).MustSucceed().Output);
        (await stage.CallAsync("rm", id)).MustSucceed();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl logs -f goes on over restarts")]
    public Task LogsAreFollowedToTheLastRun(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = await stage.StartScriptAsync("echo run; usleep 200000; exit 3", "--restart", "on-failure:1");
        Assert.Equal("run\nrun\n", (await stage.CallAsync("logs", "-f", id)).MustSucceed().Output);
        (await stage.CallAsync("rm", id)).MustSucceed();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl start, update --restart")]
    public Task WhatWasStoppedIsStartedAndItsPolicyChanged(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = await stage.StartScriptAsync(Stays);
        int first = await PidAsync(stage, id);
        (await stage.CallAsync("stop", "-t", "0", id)).MustSucceed();
        (await stage.CallAsync("start", id)).MustSucceed();
        int second = await PidAsync(stage, id);
        Assert.NotEqual(first, second);
        CommandResult twice = await stage.CallAsync("start", id);
        Assert.Equal((1, $"shimctl: {id} is running already: end it first with shimctl stop {id}\n"), (twice.ExitCode, twice.Error));
        (await stage.CallAsync("update", "--restart", "always", id)).MustSucceed();
        await RestartAsync(stage, id, restart => restart.GetProperty("state").GetString() == "running");
        System.Diagnostics.Process.GetProcessById(second).Kill();
        await RestartAsync(stage, id, restart => restart.GetProperty("state").GetString() == "running" && restart.GetProperty("count").GetInt32() == 1);
        (await stage.CallAsync("update", "--restart", "no", id)).MustSucceed();
        (await stage.CallAsync("rm", "-f", id)).MustSucceed();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl ps, inspect, rm, stop: a container that cannot be started again")]
    public Task WhoWaitsIsShownWithItsReason(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string program = Path.Combine(stage.Rootfs, "program");
        ProgramFile.Write(program, "#!/bin/sh\necho run; rm /program; exit 3\n");
        string id = await stage.StartScriptAsync("exec /program", "--restart", "always");
        await Until.TrueAsync(() => !File.Exists(program), "the first run ends");
        Directory.Move(Path.Combine(stage.Rootfs, "bin"), Path.Combine(stage.Rootfs, "nib")); // no shell for the next one
        JsonElement waits = await RestartAsync(stage, id, restart => restart.GetProperty("error").ValueKind == JsonValueKind.String && restart.GetProperty("count").GetInt32() >= 2);
        Assert.Contains("sh", waits.GetProperty("error").GetString(), StringComparison.Ordinal);
        await SeeAsync(() => stage.CallAsync("ps"), list => Regex.IsMatch(list, $"{id} +restarting in [0-9]+s"));
        CommandResult refused = await stage.CallAsync("rm", id);
        Assert.Equal((1, $"shimctl: {id} is restarting: end it with shimctl stop {id}, or say --force\n"), (refused.ExitCode, refused.Error));
        (await stage.CallAsync("stop", id)).MustSucceed();
        JsonElement stopped = await RestartAsync(stage, id, restart => restart.GetProperty("state").GetString() == "ended");
        Assert.Equal(JsonValueKind.Null, stopped.GetProperty("nextTryAt").ValueKind);
        Directory.Move(Path.Combine(stage.Rootfs, "nib"), Path.Combine(stage.Rootfs, "bin"));
        (await stage.CallAsync("rm", id)).MustSucceed();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl --restart: what cannot be is refused")]
    public Task WhatCannotBeIsRefused(string line) => CtlStage.RunAsync(line, async stage =>
    {
        await RefusesAsync("--restart sometimes: not a policy", "-d", "--restart", "sometimes");
        await RefusesAsync("--rm removes it when it has ended, and --restart starts it again then: say one of them", "-d", "--rm", "--restart", "always");
        await RefusesAsync("--restart needs -d", "--restart", "always");

        async Task RefusesAsync(string sentence, params string[] flags)
        {
            CommandResult result = await stage.CallAsync(["run", .. flags, stage.Rootfs, "true"]);
            Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
            Assert.Equal(125, result.ExitCode);
        }
    });

    private static async Task<int> PidAsync(CtlStage stage, string id) => JsonDocument.Parse((await stage.CallAsync("inspect", "--json", id)).MustSucceed().Output)
        .RootElement.GetProperty("task").GetProperty("pid").GetInt32();

    private static async Task<JsonElement> RestartAsync(CtlStage stage, string id, Func<JsonElement, bool> condition) => RestartOf(await SeeAsync(
        () => stage.CallAsync("inspect", "--json", id), text => RestartOf(text) is { ValueKind: JsonValueKind.Object } restart && condition(restart)));

    private static JsonElement RestartOf(string text) => JsonDocument.Parse(text).RootElement.GetProperty("restart");

    // A command again and again, until it says what is waited for.
    private static async Task<string> SeeAsync(Func<Task<CommandResult>> command, Func<string, bool> condition)
    {
        string last = "";
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        while (!limit.IsCancellationRequested)
        {
            last = (await command()).MustSucceed().Output;
            if (condition(last))
            {
                return last;
            }
        }

        throw new TimeoutException($"waited in vain; the last answer: {last}");
    }
}
