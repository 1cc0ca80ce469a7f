using System.Globalization;
using System.Text.Json;
using ShimStack.SystemTests.Docker;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Drill;

/// <summary>`shimctl drill run --target docker --live`: containers, image and cgroup of others stay, those of the drill go.</summary>
public sealed class LiveDockerTests
{
    private const string Foreign = "foreign";

    [Theory, InlineData(DockerLine.Old), InlineData(DockerLine.New)]
    public Task ADockerdOfTheMachineIsDrilledAndGoesOn(string line) => DockerStage.RunAsync(line, async docker =>
    {
        await docker.StartContainerAsync(Foreign, [], "/bin/sleep", "1000");
        int foreign = int.Parse(await docker.InspectAsync(Foreign, ".State.Pid"), CultureInfo.InvariantCulture);
        long began = ProcessTable.StartTime(foreign);
        string commandLine = ProcessTable.CommandLine(docker.Daemon.Pid);

        // The shell that is its parent does not reap the first one, so a pid file would be in the way of the next.
        string start = $"rm -f {docker.Directory}/docker/dockerd.pid; {docker.Daemon.StartCommand}";
        LiveDrill drill = new(docker.Guard, docker.Directory, ["--target", "docker", "--address", docker.Daemon.Socket]);
        JsonElement report = await drill.RunAsync("--start-command", start, "sigkill", "freeze", "--seed", "71");
        Assert.Equal([2, 0], report.GetProperty("scenarios").EnumerateArray().Select(one => one.GetProperty("kills").GetInt32()));

        int daemon = Assert.Single(docker.Guard.Pids(), pid => ProcessTable.CommandLine(pid) == commandLine);
        Assert.NotEqual(docker.Daemon.Pid, daemon);
        Assert.Equal(began, ProcessTable.StartTime(foreign));
        Assert.Equal(Foreign, await docker.MustAsync("ps", "--all", "--format", "{{.Names}}"));
        Assert.Equal(DockerStage.Image, await docker.MustAsync("images", "--all", "--format", "{{.Repository}}"));
        Assert.DoesNotContain(docker.Guard.Processes(), one => one.Contains("shimstack-drill-", StringComparison.Ordinal));

        using System.Diagnostics.Process kill = Command.Start("kill", [daemon.ToString(CultureInfo.InvariantCulture)]);
        await Until.TrueAsync(() => !ProcessTable.Runs(daemon), "dockerd ends");
        await docker.Daemon.StartAsync();
    });

    [Fact]
    public Task ADockerdWhoseContainersWouldEndWithItIsRefused() => DockerStage.RunAsync(DockerLine.New, async docker =>
    {
        string settings = Path.Combine(docker.Directory, "docker/daemon.json");
        await File.WriteAllTextAsync(settings, (await File.ReadAllTextAsync(settings, TestContext.Current.CancellationToken))
            .Replace("\"live-restore\": true", "\"live-restore\": false", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        using System.Diagnostics.Process reload = Command.Start("kill", ["-HUP", docker.Daemon.Pid.ToString(CultureInfo.InvariantCulture)]);
        await docker.UntilInfoAsync("{{.LiveRestoreEnabled}}", "false");
        string reason = await LiveDrill.RefusedAsync("--target", "docker", "--address", docker.Daemon.Socket, "--start-command", "true", "--yes");
        Assert.Contains("would end every container when it ends: it needs \"live-restore\": true", reason, StringComparison.Ordinal);
    });
}
