using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Cri;

namespace ShimStack.SystemTests.Kubernetes;

/// <summary>The shim of a pod dies by SIGKILL: the daemon cleans up, and kubelet can make the pod anew.</summary>
public sealed class PodShimKilledTests
{
    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("a pod whose shim was killed is cleaned up")]
    public Task NothingIsLeftOfAPodWhoseShimWasKilled(string column) => Kubelet.RunAsync(column, KillAndRemoveAsync);

    internal static async Task KillAndRemoveAsync(Kubelet kubelet)
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1");
        PodContainer first = await pod.StartAsync("first", ["/bin/sleep", "1000"]);
        PodContainer second = await pod.StartAsync("second", ["/bin/sleep", "1000"]);
        int[] pids = [await pod.PidAsync(), await first.PidAsync(), await second.PidAsync()];
        await kubelet.Stage.KillShimAsync();
        // 255 when the daemon learns of it by the lost connection, 137 when by the event that its clean-up makes.
        Assert.Contains((await first.ExitedAsync()).ExitCode, (int[])[137, 255]);
        Assert.Contains((await second.ExitedAsync()).ExitCode, (int[])[137, 255]);
        await Until.TrueAsync(() => !pids.Any(ProcessTable.Exists), "all processes of the pod are gone");
        await pod.UntilNotReadyAsync();
        await pod.EndAsync();
        Pod next = await Pod.RunAsync(kubelet, "p1");
        PodContainer again = await next.StartAsync("first", ["/bin/sleep", "1000"]);
        Assert.Equal(ContainerState.ContainerRunning, (await again.StatusAsync()).State);
        await next.EndAsync();
    }
}
