using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Cri;

namespace ShimStack.SystemTests.Kubernetes;

/// <summary>What the containers of a pod share, and what ends with what.</summary>
public sealed class PodNamespaceTests
{
    private static readonly string[] Sleep = ["/bin/sleep", "1000"];

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("a pod's shared pid namespace")]
    public Task ContainersSeeEachOtherInASharedPidNamespace(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1", new PodSettings { Pid = NamespaceMode.Pod });
        // The child would outlive its container: it is in the pod's namespace, not in one of the container's.
        PodContainer parent = await pod.StartAsync("parent", ["/bin/sh", "-c", "sleep 986 & sleep 985"]);
        PodContainer other = await pod.StartAsync("other", Sleep);
        await Until.TrueAsync(() => kubelet.Count("sleep 986") == 1, "the child runs");
        Assert.Equal(0, (await other.ExecAsync(["/bin/sh", "-c", "ps | grep -q '[s]leep 986'"])).ExitCode);
        await parent.StopAsync(seconds: 0);
        Assert.Equal(137, (await parent.StatusAsync()).ExitCode);
        Assert.Equal(0, kubelet.Count("sleep 986"));
        Assert.Equal(ContainerState.ContainerRunning, (await other.StatusAsync()).State);
        await pod.EndAsync();
    });

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("the end of a pod's shared pid namespace")]
    public Task TheEndOfTheSharedPidNamespaceEndsTheContainers(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1", new PodSettings { Pid = NamespaceMode.Pod });
        PodContainer first = await pod.StartAsync("first", Sleep);
        PodContainer second = await pod.StartAsync("second", ["/bin/sh", "-c", "sleep 984 & sleep 983"]);
        await pod.KillAsync();
        Assert.Equal(137, (await first.ExitedAsync()).ExitCode);
        Assert.Equal(137, (await second.ExitedAsync()).ExitCode);
        await Until.TrueAsync(() => kubelet.Count("sleep 984") == 0, "nothing is left of the pod");
        await pod.UntilNotReadyAsync();
        await pod.EndAsync();
    });

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("the machine's pid namespace in a pod")]
    public Task InTheMachinesPidNamespaceAContainerEndsWithItsFirstProcess(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1", new PodSettings { Pid = NamespaceMode.Node });
        string[] command = ["/bin/sh", "-c", "sleep 982 & while ! [ -e /end ]; do usleep 5000; done; exit 4"];
        PodContainer container = await pod.StartAsync("c1", command);
        PodContainer other = await pod.StartAsync("other", Sleep);
        await Until.TrueAsync(() => kubelet.Count("sleep 982") == 1, "the child runs");
        await container.ExecAsync(["/bin/touch", "/end"]);
        Assert.Equal(4, (await container.ExitedAsync()).ExitCode);
        await Until.TrueAsync(() => kubelet.Count("sleep 982") == 0, "the child is killed");
        Assert.Equal(ContainerState.ContainerRunning, (await other.StatusAsync()).State);
        await pod.EndAsync();
    });

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("containers outlive their pod's first process")]
    public Task ThePodsOwnProcessEndsAlone(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1");
        PodContainer container = await pod.StartAsync("c1", Sleep);
        await pod.KillAsync();
        await pod.UntilNotReadyAsync();
        Assert.Equal(ContainerState.ContainerRunning, (await container.StatusAsync()).State);
        Assert.Equal("in\n", (await container.ExecAsync(["/bin/echo", "in"])).Stdout.ToStringUtf8());
        Assert.Single(kubelet.Stage.Shims());
        await pod.EndAsync();
    });
}
