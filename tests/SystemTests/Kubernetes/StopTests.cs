using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Cri;

namespace ShimStack.SystemTests.Kubernetes;

/// <summary>How kubelet ends containers.</summary>
public sealed class StopTests
{
    private const string Loop = "echo ready; while :; do sleep 0.05; done";

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("stop of a pod's container: SIGTERM, then SIGKILL")]
    public Task StopAsksFirstAndKillsThen(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1");
        PodContainer willing = await pod.StartAsync("willing", ["/bin/sh", "-c", $"trap 'echo asked; exit 9' TERM; {Loop}"]);
        PodContainer deaf = await pod.StartAsync("deaf", ["/bin/sh", "-c", $"trap '' TERM; {Loop}"]);
        await Until.TrueAsync(() => willing.Words().Length == 1 && deaf.Words().Length == 1, "both are ready");
        await willing.StopAsync(seconds: 30);
        Assert.Equal(9, (await willing.StatusAsync()).ExitCode);
        Assert.Equal(["ready", "asked"], willing.Words());
        await deaf.StopAsync(seconds: 1);
        ContainerStatus status = await deaf.StatusAsync();
        Assert.Equal((ContainerState.ContainerExited, 137), (status.State, status.ExitCode));
        await pod.EndAsync();
    });

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("removal of a pod with everything in it")]
    public Task APodIsRemovedWithItsRunningContainers(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1");
        await pod.StartAsync("running", ["/bin/sleep", "1000"]);
        await pod.CreateAsync("created", ["/bin/sleep", "1000"]);
        PodContainer ended = await pod.StartAsync("ended", ["/bin/true"]);
        await ended.ExitedAsync();
        await pod.StopAsync();
        await pod.StopAsync();
        await pod.RemoveAsync();
        await pod.RemoveAsync();
    });
}
