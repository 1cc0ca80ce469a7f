using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Docker;

/// <summary>`docker run` and `docker exec`: output, input, exit codes.</summary>
public sealed class RunTests
{
    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker run: output and exit code")]
    public Task OutputAndExitCodeReachTheClient(string line) => DockerStage.RunAsync(line, async docker =>
    {
        CommandResult result = await docker.RunContainerAsync(["--rm"], "sh", "-c", "echo hello; echo sorry >&2; exit 42");
        Assert.Equal((42, "hello\n", "sorry\n"), (result.ExitCode, result.Output, result.Error));
    });

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker run -i: input")]
    public Task InputAndItsEndReachTheContainer(string line) => DockerStage.RunAsync(line, async docker =>
    {
        CommandResult result = await docker.CallWithInputAsync(
            "one\ntwo\n", "run", "--rm", "--interactive", "--network", "none", DockerStage.Image, "sh", "-c", "cat; echo end");
        Assert.Equal((0, "one\ntwo\nend\n"), (result.ExitCode, result.Output));
    });

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker run -it: terminal")]
    public Task ATerminalIsATerminal(string line) => DockerStage.RunAsync(line, async docker =>
    {
        CommandResult result = await docker.CallInTerminalAsync(
            "hello\n", "run", "--rm", "-it", "--network", "none", DockerStage.Image, "sh", "-c", "tty; read word; echo got $word; exit 5");
        Assert.Equal(5, result.ExitCode);
        Assert.Contains("/dev/pts/", result.Output, StringComparison.Ordinal);
        Assert.Contains("got hello", result.Output, StringComparison.Ordinal);
    });

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker exec")]
    public Task AnExecHasItsOwnOutputInputAndExitCode(string line) => DockerStage.RunAsync(line, async docker =>
    {
        await docker.StartContainerAsync("c1", ["--interactive"], "sh");
        CommandResult plain = await docker.CallAsync("exec", "c1", "sh", "-c", "echo out; echo err >&2; exit 3");
        Assert.Equal((3, "out\n", "err\n"), (plain.ExitCode, plain.Output, plain.Error));
        CommandResult fed = await docker.CallWithInputAsync("line\n", "exec", "--interactive", "c1", "cat");
        Assert.Equal((0, "line\n"), (fed.ExitCode, fed.Output));
        await docker.MustAsync("exec", "--detach", "c1", "touch", "/tmp/detached");
        await docker.MustAsync("exec", "c1", "sh", "-c", "until test -e /tmp/detached; do usleep 10000; done");
    });

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker exec -it: terminal")]
    public Task AnExecCanHaveATerminal(string line) => DockerStage.RunAsync(line, async docker =>
    {
        await docker.StartContainerAsync("c1", [], "sleep", "1000");
        CommandResult result = await docker.CallInTerminalAsync(
            "hello\n", "exec", "-it", "c1", "sh", "-c", "tty; read word; echo got $word; exit 6");
        Assert.Equal(6, result.ExitCode);
        Assert.Contains("/dev/pts/", result.Output, StringComparison.Ordinal);
        Assert.Contains("got hello", result.Output, StringComparison.Ordinal);
    });

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker run, exec: 126 and 127 for commands that cannot run")]
    public Task CommandsThatCannotRunHaveTheirOwnExitCodes(string line) => DockerStage.RunAsync(line, async docker =>
    {
        CommandResult missing = await docker.RunContainerAsync(["--name", "c1"], "nosuch");
        Assert.Equal((127, ""), (missing.ExitCode, missing.Output));
        Assert.Contains("executable file not found", missing.Error, StringComparison.Ordinal);
        Assert.Equal("127", await docker.InspectAsync("c1", ".State.ExitCode"));
        // What the runtime says about itself is in the error, and is no output of the container.
        Assert.Equal((0, "", ""), await LogsAsync(docker, "c1"));

        CommandResult denied = await docker.RunContainerAsync(["--rm"], "/etc");
        Assert.Equal(126, denied.ExitCode);
        Assert.Contains("permission denied", denied.Error, StringComparison.Ordinal);

        await docker.StartContainerAsync("c2", [], "sleep", "1000");
        CommandResult exec = await docker.CallAsync("exec", "c2", "nosuch");
        // The client of docker 20.10 says 126 for every exec that does not start.
        Assert.Equal(DockerLine.IsOld(line) ? 126 : 127, exec.ExitCode);
        Assert.Contains("executable file not found", exec.Output + exec.Error, StringComparison.Ordinal);
    });

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker run: 125 for what docker refuses")]
    public Task WhatDockerRefusesIs125(string line) => DockerStage.RunAsync(line, async docker =>
        Assert.Equal(125, (await docker.RunContainerAsync(["--no-such-flag"], "true")).ExitCode));

    private static async Task<(int ExitCode, string Output, string Error)> LogsAsync(DockerStage docker, string name)
    {
        CommandResult logs = await docker.CallAsync("logs", name);
        return (logs.ExitCode, logs.Output, logs.Error);
    }
}
