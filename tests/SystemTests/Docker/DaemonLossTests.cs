using System.Globalization;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Docker;

/// <summary>
/// A container under docker depends on two daemons: dockerd, which learns exits only from containerd's events (contract chapter 9.8), and
/// containerd. Each may be killed; the container does not notice, and its true exit code arrives.
/// </summary>
public sealed class DaemonLossTests
{
    // Prints what it gets and ends with 42 when it is told to.
    private const string Obedient = "trap 'echo told; exit 42' TERM; touch /tmp/ready; while :; do usleep 10000; done";

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker: container runs on while dockerd is killed")]
    public Task AContainerOutlivesDockerd(string line) => DockerStage.RunAsync(line, async docker =>
    {
        int pid = await StartAsync(docker);
        await docker.Daemon.KillAsync();
        await docker.Daemon.StartAsync();
        await StillObeysAsync(docker, pid);
    });

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker: container runs on while containerd is killed")]
    public Task AContainerOutlivesContainerd(string line) => DockerStage.RunAsync(line, async docker =>
    {
        int pid = await StartAsync(docker);
        await docker.Containerd.KillAsync();
        await docker.Containerd.StartAsync();
        await docker.UntilItWorksAsync("exec", "c1", "true");
        await StillObeysAsync(docker, pid);
    });

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker: container runs on while dockerd and containerd are both killed")]
    public Task AContainerOutlivesBoth(string line) => DockerStage.RunAsync(line, async docker =>
    {
        int pid = await StartAsync(docker);
        await docker.Containerd.KillAsync();
        await docker.Daemon.KillAsync();
        await docker.Containerd.StartAsync();
        await docker.Daemon.StartAsync();
        await StillObeysAsync(docker, pid);
    });

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker: true exit code of what ended while dockerd was away")]
    public Task AnExitWhileDockerdIsAwayIsLearnt(string line) => DockerStage.RunAsync(line, async docker =>
    {
        int pid = await StartAsync(docker);
        await docker.Daemon.KillAsync();
        await EndAsync(pid);
        await docker.Daemon.StartAsync();
        await ExitedAsync(docker);
    });

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker: true exit code of what ended while containerd was away")]
    public Task AnExitWhileContainerdIsAwayIsLearnt(string line) => DockerStage.RunAsync(line, async docker =>
    {
        SkipWhatTheReferenceLoses(line);
        int pid = await StartAsync(docker);
        await docker.Containerd.KillAsync();
        await EndAsync(pid);
        await docker.Containerd.StartAsync();
        await ExitedAsync(docker);
    });

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker: true exit code of what ended while both daemons were away")]
    public Task AnExitWhileBothAreAwayIsLearnt(string line) => DockerStage.RunAsync(line, async docker =>
    {
        SkipWhatTheReferenceLoses(line);
        int pid = await StartAsync(docker);
        await docker.Daemon.KillAsync();
        await docker.Containerd.KillAsync();
        await EndAsync(pid);
        await docker.Containerd.StartAsync();
        await docker.Daemon.StartAsync();
        await ExitedAsync(docker);
    });

    // Docker reuses a container's id for its next run, and up to 28 takes each exit that it hears of for one of the run that it knows: an exit
    // that is told once too often would end the wrong one.
    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker run --restart: one new run for an exit while containerd was away")]
    public Task AnExitThatIsToldAgainEndsNoLaterRun(string line) => DockerStage.RunAsync(line, async docker =>
    {
        SkipWhatTheReferenceLoses(line);
        await docker.StartContainerAsync("c1", ["--restart", "always"], "sh", "-c", "while :; do echo line; usleep 50000; done");
        int first = await PidAsync(docker);
        await docker.Containerd.KillAsync();
        await EndAsync(first, "KILL");
        await docker.Containerd.StartAsync();
        await docker.UntilAsync("c1", "and (eq .State.Status \"running\") (eq .RestartCount 1)", "true");
        int second = await PidAsync(docker);
        await docker.MustAsync("exec", "c1", "sleep", "3"); // it would end with the run
        Assert.Equal(second, await PidAsync(docker));
        Assert.Equal("running 1", await docker.MustAsync("inspect", "--format", "{{.State.Status}} {{.RestartCount}}", "c1"));
    });

    private static void SkipWhatTheReferenceLoses(string line) =>
        Assert.SkipWhen(RuntimeUnderTest.IsReference && line == DockerLine.New, "the reference shim loses this exit under containerd 2.x");

    private static async Task<int> StartAsync(DockerStage docker)
    {
        await docker.StartContainerAsync("c1", [], "sh", "-c", Obedient);
        await docker.MustAsync("exec", "c1", "sh", "-c", "until test -e /tmp/ready; do usleep 10000; done");
        return await PidAsync(docker);
    }

    private static async Task<int> PidAsync(DockerStage docker) =>
        int.Parse(await docker.InspectAsync("c1", ".State.Pid"), CultureInfo.InvariantCulture);

    private static async Task StillObeysAsync(DockerStage docker, int pid)
    {
        Assert.Equal($"running {pid}", await docker.MustAsync("inspect", "--format", "{{.State.Status}} {{.State.Pid}}", "c1"));
        Assert.Single(docker.Shims());
        await docker.MustAsync("exec", "c1", "true");
        Task<string> wait = docker.MustAsync("wait", "c1");
        await docker.MustAsync("kill", "--signal", "TERM", "c1");
        Assert.Equal("42", await wait);
        Assert.Equal("told", await docker.MustAsync("logs", "c1"));
    }

    private static async Task EndAsync(int pid, string signal = "TERM")
    {
        (await Command.RunAsync("kill", [$"-{signal}", $"{pid}"])).MustSucceed();
        await Until.TrueAsync(() => !ProcessTable.Exists(pid), "the container's process ends");
    }

    private static async Task ExitedAsync(DockerStage docker)
    {
        await docker.UntilAsync("c1", ".State.Status", "exited");
        Assert.Equal("42", await docker.InspectAsync("c1", ".State.ExitCode"));
    }
}
