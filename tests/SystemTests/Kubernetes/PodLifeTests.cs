using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Processes;
using ShimStack.SystemTests.Wire.Cri;

namespace ShimStack.SystemTests.Kubernetes;

/// <summary>Pods, and the containers in them, from the first to the last call.</summary>
public sealed class PodLifeTests
{
    private static readonly string[] Sleep = ["/bin/sleep", "1000"];

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("a pod with several containers, one shim")]
    public Task OneShimServesAllContainersOfAPod(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1");
        int shim = Assert.Single(kubelet.Stage.Shims());
        PodContainer first = await pod.StartAsync("first", Sleep);
        PodContainer second = await pod.StartAsync("second", Sleep);
        Assert.Equal(shim, Assert.Single(kubelet.Stage.Shims()));
        await first.StopAsync(seconds: 0);
        await first.RemoveAsync();
        Assert.Equal(shim, Assert.Single(kubelet.Stage.Shims()));
        Assert.Equal(ContainerState.ContainerRunning, (await second.StatusAsync()).State);
        await second.StopAsync(seconds: 0);
        await second.RemoveAsync();
        Assert.Equal(shim, Assert.Single(kubelet.Stage.Shims()));
        await pod.StopAsync();
        await Until.TrueAsync(() => kubelet.Stage.Shims().Count == 0, "the shim ends with the pod");
        await pod.RemoveAsync();
    });
}
