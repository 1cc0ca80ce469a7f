using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Docker;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Upgrade;

/// <summary>The same under docker, which learns exits from events only, and knows nothing of any of this.</summary>
public sealed class DockerUpgradeTests
{
    private const string Obedient = "trap 'echo told; exit 42' TERM; echo begun; while :; do usleep 10000; done";

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine)), Feature("docker: shim upgraded in place; wait, logs, exec and a restart policy go on")]
    public Task DockerDoesNotNotice(string line) => DockerStage.RunAsync(line, async docker =>
    {
        ShimBuilds builds = await ShimBuilds.MakeAsync(docker.Containerd.Directory, docker.Containerd.Address, docker.Namespace);
        await docker.StartContainerAsync("c1", [], "sh", "-c", Obedient);
        await docker.StartContainerAsync("c2", ["--restart", "on-failure:1", "--tty"], "sh", "-c", "read x; exit 3");
        Task<CommandResult> wait = docker.CallAsync("wait", "c1");
        Task<CommandResult> logs = docker.CallAsync("logs", "--follow", "c1");
        Assert.Equal(2, (await builds.UpgradeAsync(builds.Second)).Count);
        Assert.Equal(2, (await builds.UpgradeAsync(ShimBuilds.First)).Count);
        Assert.Equal("in", await docker.MustAsync("exec", "c1", "echo", "in"));
        await docker.MustAsync("pause", "c1");
        await builds.UpgradeAsync(builds.Second);
        await docker.MustAsync("unpause", "c1");

        await docker.MustAsync("kill", "--signal", "TERM", "c1");
        Assert.Equal("42\n", (await wait).MustSucceed().Output);
        Assert.Equal("begun\ntold\n", (await logs).MustSucceed().Output);
        await docker.MustAsync("kill", "--signal", "KILL", "c2");
        Assert.Equal("137", await docker.MustAsync("wait", "c2"));
    });
}
