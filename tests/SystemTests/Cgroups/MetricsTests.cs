using System.Globalization;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Cgroups;

/// <summary>What a container uses, through the daemon.</summary>
public sealed class MetricsTests
{
    private const ulong Megabyte = 1 << 20;

    [Feature("metrics")]
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task MemoryAndCpuTimeGrowWithWhatTheContainerUses(string line) => Stage.RunAsync(line, async stage =>
    {
        const string Script = "echo ready; read a; dd if=/dev/zero of=/dev/data bs=1M count=40 2>/dev/null; "
            + "i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done; echo used; read b";
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", Script], new ContainerSettings { Input = true });
        await Until.TrueAsync(() => container.Output!.Text == "ready\n", "the container runs");
        TaskMetrics before = await TaskMetrics.ReadAsync(stage, "c1");
        await File.WriteAllTextAsync(container.InputPath, "go\n");
        await Until.TrueAsync(() => container.Output!.Text == "ready\nused\n", "the container has used memory and time");
        TaskMetrics after = await TaskMetrics.ReadAsync(stage, "c1");

        Assert.InRange(after.Memory - before.Memory, 30 * Megabyte, 60 * Megabyte);
        Assert.InRange(after.Cpu - before.Cpu, 10_000_000ul, 20_000_000_000ul);
        Assert.Equal(1ul, after.Processes);

        CommandResult table = (await stage.Ctr.RunAsync("tasks", "metrics", "c1")).MustSucceed();
        string row = table.Output.Split('\n').First(row => row.StartsWith("memory.usage", StringComparison.Ordinal));
        string usage = row.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.InRange(ulong.Parse(usage, CultureInfo.InvariantCulture), 40 * Megabyte, 60 * Megabyte);
        await container.EndAsync();
    });

    // Two containers in one cgroup, each with its own shim, are two views of the same numbers.
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task TheNumbersAreThoseOfTheReference(string line) => Stage.RunAsync(line, async stage =>
    {
        ContainerSettings settings = new() { Cgroup = "both", Output = false };
        Container ours = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"], settings);
        ContainerSettings theirSettings = settings with { Shim = RuntimeUnderTest.Reference };
        Container reference = await Container.RunAsync(stage, "c2", ["/bin/sleep", "1000"], theirSettings);
        for (int tries = 0; ; tries++)
        {
            TaskMetrics first = await TaskMetrics.ReadAsync(stage, "c1");
            TaskMetrics theirs = await TaskMetrics.ReadAsync(stage, "c2");
            if (first == await TaskMetrics.ReadAsync(stage, "c1") || tries == 20)
            {
                // Nothing moved between the two.
                Assert.Equal(theirs.All, first.All);
                Assert.Equal(theirs, first);
                break;
            }
        }

        foreach (Container container in (Container[])[ours, reference])
        {
            Task<uint> exit = container.WaitAsync();
            await container.KillAsync(9);
            await exit;
        }

        await ours.DeleteAsync();
        await reference.DeleteAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task MetricsAreThereFromCreateToDelete(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.CreateAsync(stage, "c1", ["/bin/sh", "-c", "exit 3"]);
        Assert.NotEqual(0ul, (await TaskMetrics.ReadAsync(stage, "c1")).Processes);
        Task<uint> exit = container.WaitAsync();
        await container.StartAsync();
        Assert.Equal(3u, await exit);
        Assert.Equal(0ul, (await TaskMetrics.ReadAsync(stage, "c1")).Processes);
        await container.DeleteAsync();
        Assert.Null(await TaskMetrics.TryReadAsync(stage, "c1"));
    });
}
