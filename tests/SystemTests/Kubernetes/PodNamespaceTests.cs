using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Processes;
using ShimStack.SystemTests.Wire.Cri;

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
        await Until.TrueAsync(() => Count(kubelet, "sleep 986") == 1, "the child runs");
        Assert.Equal(0, (await other.ExecAsync(["/bin/sh", "-c", "ps | grep -q '[s]leep 986'"])).ExitCode);
        await parent.StopAsync(seconds: 0);
        Assert.Equal(137, (await parent.StatusAsync()).ExitCode);
        Assert.Equal(0, Count(kubelet, "sleep 986"));
        Assert.Equal(ContainerState.ContainerRunning, (await other.StatusAsync()).State);
        await pod.EndAsync();
    });

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("the end of a pod's shared pid namespace ends its containers")]
    public Task TheEndOfTheSharedPidNamespaceEndsTheContainers(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1", new PodSettings { Pid = NamespaceMode.Pod });
        PodContainer first = await pod.StartAsync("first", Sleep);
        PodContainer second = await pod.StartAsync("second", ["/bin/sh", "-c", "sleep 984 & sleep 983"]);
        Kill(await pod.PidAsync());
        Assert.Equal(137, (await first.ExitedAsync()).ExitCode);
        Assert.Equal(137, (await second.ExitedAsync()).ExitCode);
        await Until.TrueAsync(() => Count(kubelet, "sleep 984") == 0, "nothing is left of the pod");
        await IsNotReadyAsync(pod);
        await pod.EndAsync();
    });

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("the machine's pid namespace in a pod")]
    public Task TheRestOfAContainerEndsWithItsFirstProcessInTheMachinesPidNamespace(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1", new PodSettings { Pid = NamespaceMode.Node });
        PodContainer container = await pod.StartAsync("c1", ["/bin/sh", "-c", "sleep 982 & while ! [ -e /end ]; do usleep 5000; done; exit 4"]);
        PodContainer other = await pod.StartAsync("other", Sleep);
        await Until.TrueAsync(() => Count(kubelet, "sleep 982") == 1, "the child runs");
        await container.ExecAsync(["/bin/touch", "/end"]);
        Assert.Equal(4, (await container.ExitedAsync()).ExitCode);
        await Until.TrueAsync(() => Count(kubelet, "sleep 982") == 0, "the child is killed");
        Assert.Equal(ContainerState.ContainerRunning, (await other.StatusAsync()).State);
        await pod.EndAsync();
    });

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("containers outlive their pod's first process")]
    public Task ThePodsOwnProcessEndsAlone(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1");
        PodContainer container = await pod.StartAsync("c1", Sleep);
        Kill(await pod.PidAsync());
        await IsNotReadyAsync(pod);
        Assert.Equal(ContainerState.ContainerRunning, (await container.StatusAsync()).State);
        Assert.Equal("in\n", (await container.ExecAsync(["/bin/echo", "in"])).Stdout.ToStringUtf8());
        Assert.Single(kubelet.Stage.Shims());
        await pod.EndAsync();
    });

    private static int Count(Kubelet kubelet, string command) =>
        kubelet.Stage.Guard.Processes().Count(line => line.EndsWith(' ' + command, StringComparison.Ordinal));

    private static Task IsNotReadyAsync(Pod pod) =>
        Until.TrueAsync(() => pod.StatusAsync().Result.State == PodSandboxState.SandboxNotready, "the daemon knows that the pod's own process has ended");

    private static void Kill(int pid)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.GetProcessById(pid);
        process.Kill();
    }
}
