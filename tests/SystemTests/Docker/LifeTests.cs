using System.Globalization;
using ShimStack.SystemTests.Compatibility;

namespace ShimStack.SystemTests.Docker;

/// <summary>The ways a container stops, goes on and starts again.</summary>
public sealed class LifeTests
{
    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker pause, unpause")]
    public Task APausedContainerStandsStillUntilItIsResumed(string line) => DockerStage.RunAsync(line, async docker =>
    {
        await docker.StartContainerAsync("c1", [], "sleep", "1000");
        await docker.MustAsync("pause", "c1");
        Assert.Equal("paused", await docker.InspectAsync("c1", ".State.Status"));
        Assert.Equal(1, (await docker.CallAsync("exec", "c1", "true")).ExitCode);
        await docker.MustAsync("unpause", "c1");
        Assert.Equal("running", await docker.InspectAsync("c1", ".State.Status"));
        await docker.MustAsync("exec", "c1", "true");
    });

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker stop: SIGTERM, then SIGKILL")]
    public Task StopAsksFirstAndKillsThen(string line) => DockerStage.RunAsync(line, async docker =>
    {
        await docker.StartContainerAsync("polite", [], "sh", "-c", "trap 'exit 7' TERM; touch /tmp/ready; while :; do usleep 10000; done");
        await docker.MustAsync("exec", "polite", "sh", "-c", "until test -e /tmp/ready; do usleep 10000; done");
        await docker.StartContainerAsync("deaf", [], "sleep", "1000");
        await docker.MustAsync("stop", "--time", "10", "polite");
        await docker.MustAsync("stop", "--time", "1", "deaf");
        Assert.Equal("exited 7", await StateAsync(docker, "polite"));
        Assert.Equal("exited 137", await StateAsync(docker, "deaf"));
    });

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker kill -s, docker wait")]
    public Task ASignalArrivesAndWaitHasTheExitCode(string line) => DockerStage.RunAsync(line, async docker =>
    {
        await docker.StartContainerAsync("c1", [], "sh", "-c", "trap 'exit 21' USR1; touch /tmp/ready; while :; do usleep 10000; done");
        await docker.MustAsync("exec", "c1", "sh", "-c", "until test -e /tmp/ready; do usleep 10000; done");
        Task<string> wait = docker.MustAsync("wait", "c1");
        await docker.MustAsync("kill", "--signal", "USR1", "c1");
        Assert.Equal("21", await wait);
        await docker.StartContainerAsync("c2", [], "sleep", "1000");
        await docker.MustAsync("kill", "c2");
        Assert.Equal("137", await docker.MustAsync("wait", "c2"));
    });

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker run --restart")]
    public Task AContainerIsStartedAgainAsOftenAsItsPolicySays(string line) => DockerStage.RunAsync(line, async docker =>
    {
        await docker.StartContainerAsync("always", ["--restart", "always"], "sh", "-c", "echo once; exit 0");
        await docker.StartContainerAsync("twice", ["--restart", "on-failure:2"], "sh", "-c", "echo once; exit 3");
        await docker.UntilAsync("twice", ".State.Status", "exited");
        Assert.Equal("2", await docker.InspectAsync("twice", ".RestartCount"));
        Assert.Equal("exited 3", await StateAsync(docker, "twice"));
        Assert.Equal("once\nonce\nonce", await docker.MustAsync("logs", "twice"));
        await docker.UntilAsync("always", "gt .RestartCount 2", "true");
        await docker.MustAsync("stop", "always");
        Assert.Equal("exited", await docker.InspectAsync("always", ".State.Status"));
    });

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker run --health-cmd")]
    public Task AHealthCheckSeesTheContainer(string line) => DockerStage.RunAsync(line, async docker =>
    {
        await docker.StartContainerAsync(
            "c1", ["--health-cmd", "test -e /tmp/well", "--health-interval", "200ms", "--health-retries", "1"], "sleep", "1000");
        await docker.UntilAsync("c1", ".State.Health.Status", "unhealthy");
        await docker.MustAsync("exec", "c1", "touch", "/tmp/well");
        await docker.UntilAsync("c1", ".State.Health.Status", "healthy");
    });

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker run --init")]
    public Task AnInitReapsAndForwardsSignals(string line) => DockerStage.RunAsync(line, async docker =>
    {
        await docker.StartContainerAsync("c1", ["--init"], "sleep", "1000");
        Assert.Contains("docker-init", await docker.MustAsync("exec", "c1", "cat", "/proc/1/cmdline"), StringComparison.Ordinal);
        // Without an init, sleep would be pid 1 and deaf to SIGTERM.
        await docker.MustAsync("stop", "--time", "30", "c1");
        Assert.Equal("exited 143", await StateAsync(docker, "c1"));
    });

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker events")]
    public Task EventsTellTheLifeOfAContainer(string line) => DockerStage.RunAsync(line, async docker =>
    {
        await docker.StartContainerAsync("c1", [], "sleep", "1000");
        Assert.Equal(3, (await docker.CallAsync("exec", "c1", "sh", "-c", "exit 3")).ExitCode);
        await docker.MustAsync("pause", "c1");
        await docker.MustAsync("unpause", "c1");
        await docker.MustAsync("kill", "c1");
        await docker.MustAsync("wait", "c1");
        await docker.MustAsync("rm", "c1");
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        string events = await docker.MustAsync(
            "events", "--since", "0", "--until", string.Create(CultureInfo.InvariantCulture, $"{now / 1000}.{now % 1000:D3}000000"),
            "--filter", "type=container", "--format", "{{.Action}} {{with .Actor.Attributes.exitCode}}{{.}}{{end}}");
        // exec_create and exec_start name the command as well.
        string[] seen = [.. events.Split('\n').Select(text => text.Split(':')[0].Trim())];
        Assert.Equal(
            ["create", "start", "exec_create", "exec_start", "exec_die 3", "pause", "unpause", "kill", "die 137", "destroy"], seen);
    });

    private static Task<string> StateAsync(DockerStage docker, string name) =>
        docker.MustAsync("inspect", "--format", "{{.State.Status}} {{.State.ExitCode}}", name);
}
