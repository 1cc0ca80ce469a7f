using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Cri;

namespace ShimStack.SystemTests.Kubernetes;

/// <summary>What kubelet measures, and what it learns of containers that took too much.</summary>
public sealed class PodStatsTests
{
    private const string Busy = "head -c 8000000 /dev/zero | md5sum; echo done; exec sleep 1000";
    private const long Limit = 32 << 20;

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("statistics of a pod's containers")]
    public Task StatisticsTellTimeAndMemory(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1");
        PodContainer busy = await pod.StartAsync("busy", ["/bin/sh", "-c", Busy]);
        PodContainer idle = await pod.StartAsync("idle", ["/bin/sleep", "1000"]);
        await Until.TrueAsync(() => busy.Words().Length == 2, "it has worked");
        ContainerStats one = (await kubelet.Service.ContainerStatsAsync(new ContainerStatsRequest { ContainerId = busy.Id })).Stats;
        Assert.True(one.Cpu.UsageCoreNanoSeconds.Value > 1_000_000, $"cpu: {one.Cpu}");
        Assert.True(one.Memory.WorkingSetBytes.Value > 4096, $"memory: {one.Memory}");
        IEnumerable<ContainerStats> all = (await kubelet.Service.ListContainerStatsAsync(new ListContainerStatsRequest())).Stats;
        Assert.Equal([busy.Id, idle.Id], all.OrderBy(stats => stats.Attributes.Metadata.Name).Select(stats => stats.Attributes.Id));
        await pod.EndAsync();
    });

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("a pod's container out of memory: OOMKilled")]
    public Task TheStatusOfAContainerOutOfMemorySaysSo(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1");
        PodContainer container = await pod.StartAsync("c1", ["/bin/tail", "/dev/zero"], Limit);
        ContainerStatus status = await container.ExitedAsync();
        Assert.Equal(137, status.ExitCode);
        // The two events may come in any order.
        await Until.IsTrueAsync(() => container.StatusAsync().Result.Reason == "OOMKilled", TimeSpan.FromSeconds(5));
        Assert.Equal("OOMKilled", (await container.StatusAsync()).Reason);
        await pod.EndAsync();
    });
}
