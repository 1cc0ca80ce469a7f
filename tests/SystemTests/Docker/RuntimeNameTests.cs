using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Docker;

/// <summary>The other ways to bring the shim to docker than under the reference's name. Contract chapter 9.8.</summary>
public sealed class RuntimeNameTests
{
    // Docker 20.10 knows no shim but the reference's, by whatever path it is found: there its name is the only way.
    [Theory, InlineData(DockerLine.New)]
    [Feature("docker run --runtime io.containerd.shimstack.v2")]
    public Task TheShimCanBeNamedForOneContainer(string line) => DockerStage.RunAsync(line, async docker =>
    {
        await docker.StartContainerAsync("c1", ["--runtime", RuntimeUnderTest.Name], "sh", "-c", "echo hello; exec sleep 1000");
        string program = $"containerd-shim-{string.Join('-', RuntimeUnderTest.Name.Split('.')[^2..])}";
        Assert.Contains(program, ProcessTable.CommandLine(Assert.Single(docker.Shims())), StringComparison.Ordinal);
        await EndAsync(docker);
    });

    [Theory, InlineData(DockerLine.New)]
    [Feature("docker: runtimeType in daemon.json")]
    public Task TheShimCanBeTheDefaultOfTheDaemon(string line) => DockerStage.RunAsync(
        line,
        async docker =>
        {
            await docker.StartContainerAsync("c1", [], "sh", "-c", "echo hello; exec sleep 1000");
            await EndAsync(docker);
        },
        configuration: $$"""
            , "default-runtime": "mine", "runtimes": { "mine": { "runtimeType": "{{RuntimeUnderTest.Name}}" } }
            """);

    [Theory, InlineData(DockerLine.New, "1.7")]
    [Feature("docker over containerd 1.7")]
    public Task TheNewDockerRunsOnTheOlderContainerd(string line, string containerd) => DockerStage.RunAsync(
        line,
        async docker =>
        {
            await docker.StartContainerAsync("c1", [], "sh", "-c", "echo hello; exec sleep 1000");
            await EndAsync(docker);
        },
        containerd);

    private static async Task EndAsync(DockerStage docker)
    {
        Assert.Equal(4, (await docker.CallAsync("exec", "c1", "sh", "-c", "exit 4")).ExitCode);
        await docker.MustAsync("kill", "c1");
        Assert.Equal("137", await docker.MustAsync("wait", "c1"));
        Assert.Equal("hello", await docker.MustAsync("logs", "c1"));
    }
}
