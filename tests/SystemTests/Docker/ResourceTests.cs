using System.Globalization;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Docker;

/// <summary>What docker shows of a container's resources, and how it bounds them.</summary>
public sealed class ResourceTests
{
    private const string LimitFile = "cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max";

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker top")]
    public Task TopShowsTheProcesses(string line) => DockerStage.RunAsync(line, async docker =>
    {
        await docker.StartContainerAsync("c1", [], "sleep", "1001");
        await docker.MustAsync("exec", "--detach", "c1", "sleep", "1002");
        string[] top = (await docker.MustAsync("top", "c1", "-o", "pid,args")).Split('\n');
        Assert.Equal(3, top.Length);
        Assert.Equal(["sleep 1001", "sleep 1002"], top[1..].Select(process => process.Trim().Split(' ', 2)[1].Trim()).Order());
    });

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker stats")]
    public Task StatsShowMemoryAndProcesses(string line) => DockerStage.RunAsync(line, async docker =>
    {
        await docker.StartContainerAsync("c1", ["--memory", "64m"], "sleep", "1000");
        string stats = await docker.MustAsync("stats", "--no-stream", "--format", "{{.MemUsage}},{{.PIDs}}", "c1");
        string[] values = stats.Split(',');
        Assert.Equal("1", values[1]);
        Assert.EndsWith(" / 64MiB", values[0], StringComparison.Ordinal);
        Assert.False(values[0].StartsWith("0B", StringComparison.Ordinal), stats);
    });

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker update")]
    public Task AnUpdateChangesTheLimit(string line) => DockerStage.RunAsync(line, async docker =>
    {
        await docker.StartContainerAsync("c1", ["--memory", "64m"], "sleep", "1000");
        await docker.MustAsync("update", "--memory", "96m", "--memory-swap", "96m", "c1");
        Assert.Equal((96 << 20).ToString(CultureInfo.InvariantCulture), await docker.MustAsync("exec", "c1", "sh", "-c", LimitFile));
    });

    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    [Feature("docker: OOMKilled")]
    public Task AContainerOutOfMemoryIsSaidToBeSo(string line) => DockerStage.RunAsync(line, async docker =>
    {
        CommandResult result = await docker.RunContainerAsync(
            ["--name", "c1", "--memory", "20m", "--memory-swap", "20m"], "sh", "-c", "exec dd if=/dev/zero of=/dev/null bs=100M");
        Assert.Equal(137, result.ExitCode);
        Assert.Equal("true", await docker.InspectAsync("c1", ".State.OOMKilled"));
    });
}
