using System.Diagnostics;
using System.Text.Json;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Ctl;

/// <summary>shimctl run, in front of the container.</summary>
public sealed class RunTests
{
    [Theory, InlineData(DaemonLine.Own), Feature("shimctl run: input, output, errors, exit code")]
    public Task RunIsItsContainer(string line) => CtlStage.RunAsync(line, async stage =>
    {
        CommandResult result = await stage.RunScriptAsync("echo out; echo err >&2; exit 7");
        Assert.Equal((7, "out\n", "err\n"), (result.ExitCode, result.Output, result.Error));
        CommandResult echoed = await stage.CallWithInputAsync("typed", "run", "--rm", "--name", stage.NewId(), stage.Rootfs, "cat");
        Assert.Equal((0, "typed"), (echoed.ExitCode, echoed.Output));
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl run: nothing is lost of much output, nothing hangs on an early end")]
    public Task NothingIsLostAndNothingHangs(string line) => CtlStage.RunAsync(line, async stage =>
    {
        CommandResult much = await stage.RunScriptAsync("seq 200000");
        Assert.Equal(string.Concat(Enumerable.Range(1, 200_000).Select(number => $"{number}\n")), much.Output);
        for (int round = 0; round < 5; round++)
        {
            CommandResult none = await stage.RunScriptAsync($"exit {round}");
            Assert.Equal((round, "", ""), (none.ExitCode, none.Output, none.Error));
        }
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl run: env, user, cwd, mounts, limits, a network of its own")]
    public Task TheProcessIsAsItWasAskedFor(string line) => CtlStage.RunAsync(line, async stage =>
    {
        CommandResult result = await stage.RunScriptAsync(
            "echo $A; id -u; id -g; pwd; ip -o link | wc -l; ulimit -n",
            "--env", "A=b", "--user", "5:6", "--cwd", "/tmp", "--mount", "type=tmpfs,dst=/m",
            "--memory", "32m", "--cpus", "0.5", "--pids-limit", "9");
        Assert.Equal("b\n5\n6\n/tmp\n1\n1024\n", result.Output);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl run: hostname, read-only root, capabilities, env-file, volume, workdir")]
    public Task TheContainerIsAsItWasAskedFor(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string here = System.IO.Directory.CreateDirectory(Path.Combine(stage.Directory, "here")).FullName;
        await File.WriteAllTextAsync(Path.Combine(here, "env"), "A=from-file\nB=of-the-file\n");
        CommandResult result = await stage.RunScriptAsync(
            "hostname; echo $A $B; pwd; cat /there/env | wc -l; touch /x || echo refused; touch /there/x || echo refused; grep CapEff /proc/self/status",
            "--hostname", "web", "--env-file", $"{here}/env", "--env", "A=typed", "-v", $"{here}:/there:ro", "-w", "/tmp", "--read-only", "--cap-drop", "ALL", "--cap-add", "CHOWN");
        Assert.Equal("web\ntyped of-the-file\n/tmp\n2\nrefused\nrefused\nCapEff:\t0000000000000001\n", result.Output);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl run: a bundle")]
    public Task ABundleIsRun(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string bundle = System.IO.Directory.CreateDirectory(Path.Combine(stage.Directory, "bundle")).FullName;
        await File.WriteAllTextAsync(Path.Combine(bundle, "config.json"), $$"""
            { "ociVersion": "1.0.2", "root": { "path": "{{stage.Rootfs}}" }, "process": { "args": ["/bin/sh", "-c", "hostname; exit 3"], "cwd": "/", "env": ["PATH=/bin"], "user": { "uid": 0, "gid": 0 } },
              "hostname": "from-bundle", "mounts": [{ "destination": "/proc", "type": "proc", "source": "proc" }], "linux": { "namespaces": [{ "type": "pid" }, { "type": "mount" }, { "type": "uts" }] } }
            """);
        CommandResult result = await stage.CallAsync("run", "--rm", "--name", stage.NewId(), bundle);
        Assert.Equal((3, "from-bundle\n", ""), (result.ExitCode, result.Output, result.Error));
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl run: signals go to the container")]
    public Task SignalsGoToTheContainer(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = stage.NewId();
        using Process client = stage.Begin("run", "--rm", "--name", id, stage.Rootfs, "sh", "-c", "trap 'exit 42' TERM; echo ready; while :; do usleep 10000; done");
        Assert.Equal("ready", await client.StandardOutput.ReadLineAsync());
        (await Command.RunAsync("kill", ["-TERM", $"{client.Id}"])).MustSucceed();
        await client.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(42, client.ExitCode);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl run: SIGKILL of the daemon is not noticed")]
    public Task ADeadDaemonIsNotNoticed(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = stage.NewId();
        using Process client = stage.Begin("run", "--rm", "--name", id, stage.Rootfs, "sh", "-c", "read x; echo $x; read x; echo $x; while [ ! -e /go ]; do usleep 5000; done; exit 9");
        await EchoesAsync("one"); // so shimctl has the answer to its start
        await stage.Daemon.KillAsync();
        await EchoesAsync("two");
        await stage.Daemon.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(stage.Rootfs, "go"), "");
        await client.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal((9, ""), (client.ExitCode, await client.StandardError.ReadToEndAsync()));

        async Task EchoesAsync(string word)
        {
            await client.StandardInput.WriteLineAsync(word);
            await client.StandardInput.FlushAsync();
            Assert.Equal(word, await client.StandardOutput.ReadLineAsync());
        }
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl run: without --rm the container stays until rm")]
    public Task WhatIsNotRemovedStays(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = stage.NewId();
        Assert.Equal(5, (await stage.CallAsync("run", "--name", id, stage.Rootfs, "sh", "-c", "exit 5")).ExitCode);
        JsonElement only = Assert.Single(JsonDocument.Parse((await stage.CallAsync("ps", "--json")).Output).RootElement.EnumerateArray());
        Assert.Equal((id, "stopped", 5), (only.GetProperty("id").GetString(), only.GetProperty("state").GetString(), only.GetProperty("exitCode").GetInt32()));
        Assert.Equal("5\n", (await stage.CallAsync("wait", id)).MustSucceed().Output);
        (await stage.CallAsync("rm", id)).MustSucceed();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl run: a program that is not there leaves nothing, exit code 125")]
    public Task WhatCannotRunLeavesNothing(string line) => CtlStage.RunAsync(line, async stage =>
    {
        CommandResult result = await stage.CallAsync("run", "--name", stage.NewId(), stage.Rootfs, "/no/such/program");
        Assert.Equal(125, result.ExitCode);
        Assert.Matches("^shimctl: .*/no/such/program[^\n]*\n$", result.Error);
    });
}
