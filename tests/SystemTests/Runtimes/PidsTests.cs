using System.Globalization;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Runc;
using ShimStack.Wire.Tasks;

namespace ShimStack.SystemTests.Runtimes;

/// <summary>Which processes a container has.</summary>
public sealed class PidsTests
{
    [Theory, MemberData(nameof(Against.LinesAndRuntimes), MemberType = typeof(Against))]
    [Feature("processes of a container, execs by their id")]
    public Task AllProcessesAreListedAndExecsAreNamed(string column) => Against.RunAsync(column, async (stage, settings) =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", "sleep 1000 & echo $!; wait"], settings);
        await Until.TrueAsync(() => container.Output!.Text.Length > 0, "the second process is there");
        await container.AddExecAsync("e1", "/bin/sleep", "1000");
        await container.StartAsync("e1");
        int exec = (int)(await container.StateAsync("e1")).Pid;
        int child = Assert.Single(ProcessTable.Descendants(container.Pid));

        IReadOnlyList<ProcessInfo> processes = await container.PidsAsync();
        Assert.Equal(((int[])[container.Pid, child, exec]).Order(), processes.Select(process => (int)process.Pid).Order());
        ProcessInfo named = Assert.Single(processes, process => process.Info is not null);
        Assert.Equal(((uint)exec, "containerd.runc.v1.ProcessDetails"), (named.Pid, named.Info.TypeUrl));
        Assert.Equal("e1", ProcessDetails.Parser.ParseFrom(named.Info.Value).ExecId);
        await container.EndAsync();
    });

    [Theory, MemberData(nameof(Daemons.DaemonLine.All), MemberType = typeof(Daemons.DaemonLine)), Feature("ctr tasks ps")]
    public Task CtrListsThem(string line) => Daemons.Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"]);
        await container.AddExecAsync("e1", "/bin/sleep", "1000");
        await container.StartAsync("e1");
        uint exec = (await container.StateAsync("e1")).Pid;
        string output = (await stage.Ctr.RunAsync("tasks", "ps", "c1")).MustSucceed().Output;
        string[] rows = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Order()];
        Assert.Equal(2, rows.Length);
        Assert.Contains(rows, row => row.Split(' ')[0] == container.Pid.ToString(CultureInfo.InvariantCulture));
        string named = Assert.Single(rows, row => row.Split(' ')[0] == exec.ToString(CultureInfo.InvariantCulture));
        Assert.Contains("e1", named, StringComparison.Ordinal);
        await container.EndAsync();
    });
}
