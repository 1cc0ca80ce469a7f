using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Docker;

/// <summary>What a container prints, read later or by a second client.</summary>
public sealed class OutputTests
{
    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker logs")]
    public Task LogsHaveEveryLineAndFollowToTheEnd(string line) => DockerStage.RunAsync(line, async docker =>
    {
        await docker.StartContainerAsync("c1", ["--interactive"], "sh", "-c", "seq 1 5000; echo sorry >&2; read word");
        Task<CommandResult> follow = docker.CallAsync("logs", "--follow", "c1");
        await docker.MustAsync("kill", "c1");
        CommandResult logs = await docker.CallAsync("logs", "c1");
        string[] lines = logs.Output.TrimEnd('\n').Split('\n');
        // Killed at any point: what came is in order and without a gap.
        Assert.Equal(Enumerable.Range(1, lines.Length).Select(n => $"{n}"), lines);
        Assert.Equal(logs, await follow);

        await docker.RunContainerAsync(["--name", "c2"], "sh", "-c", "seq 1 5000; echo sorry >&2");
        CommandResult whole = await docker.CallAsync("logs", "c2");
        Assert.Equal((string.Concat(Enumerable.Range(1, 5000).Select(n => $"{n}\n")), "sorry\n"), (whole.Output, whole.Error));
    });

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker attach")]
    public Task AnAttachedClientTalksToTheContainer(string line) => DockerStage.RunAsync(line, async docker =>
    {
        // In a terminal: without one the client leaves when its input ends, with or without the rest of the output.
        await docker.StartContainerAsync("c1", ["-it"], "sh", "-c", "read word; echo got $word; exit 9");
        CommandResult attached = await docker.CallInTerminalAsync("hello\n", "attach", "c1");
        Assert.Equal(9, attached.ExitCode);
        Assert.Contains("got hello", attached.Output, StringComparison.Ordinal);
    });
}
