using System.Globalization;
using Grpc.Core;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Cri;

namespace ShimStack.SystemTests.Kubernetes;

/// <summary>Pods, and the containers in them, from the first to the last call.</summary>
public sealed class PodLifeTests
{
    // State 0A is LISTEN, 0050 the port. See proc(5), /proc/net/tcp.
    private const string WaitForTheServer = "until grep -q ':0050 .* 0A ' /proc/net/tcp /proc/net/tcp6; do usleep 10000; done";

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

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("a pod's network, shared by its containers")]
    public Task TheContainersOfAPodShareItsAddress(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1");
        string address = (await pod.StatusAsync()).Network.Ip;
        Assert.StartsWith(PodNetwork.Subnet, address, StringComparison.Ordinal);
        await pod.StartAsync("server", ["/bin/nc", "-lp", "80", "-e", "/bin/echo", "served"]);
        PodContainer client = await pod.StartAsync("client", Sleep);
        Assert.Equal(0, (await client.ExecAsync(["/bin/sh", "-c", WaitForTheServer], seconds: 20)).ExitCode);
        ExecSyncResponse answer = await client.ExecAsync(["/bin/nc", address, "80"]);
        Assert.Equal("served\n", answer.Stdout.ToStringUtf8());
        await pod.EndAsync();
    });

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("container logs in Kubernetes' format")]
    public Task OutputBecomesLogLines(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1");
        PodContainer container = await pod.StartAsync("c1", ["/bin/sh", "-c", "echo one; echo two >&2; printf three"]);
        await container.ExitedAsync();
        await Until.TrueAsync(() => container.LogLines().Length == 3, "the lines are in the log");
        string[][] lines = [.. container.LogLines().Select(line => line.Split(' ', 2)).OrderBy(line => line[1])];
        Assert.Equal(["stderr F two", "stdout F one", "stdout P three"], lines.Select(line => line[1]));
        Assert.All(lines, line => DateTimeOffset.Parse(line[0], CultureInfo.InvariantCulture));
        await pod.EndAsync();
    });

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("container status: state, exit code, reason, times")]
    public Task TheStatusTellsHowAContainerEnded(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1");
        PodContainer good = await pod.CreateAsync("good", ["/bin/true"]);
        Assert.Equal(ContainerState.ContainerCreated, (await good.StatusAsync()).State);
        await good.StartAsync();
        PodContainer bad = await pod.StartAsync("bad", ["/bin/sh", "-c", "exit 7"]);
        ContainerStatus ended = await good.ExitedAsync();
        Assert.Equal((0, "Completed"), (ended.ExitCode, ended.Reason));
        long now = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        Assert.InRange(ended.FinishedAt, ended.CreatedAt, now);
        ended = await bad.ExitedAsync();
        Assert.Equal((7, "Error"), (ended.ExitCode, ended.Reason));
        await bad.RemoveAsync();
        RpcException gone = await Assert.ThrowsAsync<RpcException>(bad.StatusAsync);
        Assert.Equal(StatusCode.NotFound, gone.StatusCode);
        await pod.EndAsync();
    });

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("pods side by side")]
    public Task PodsDoNotMeet(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod[] pods = await Task.WhenAll(Pod.RunAsync(kubelet, "p1"), Pod.RunAsync(kubelet, "p2"));
        Assert.Equal(2, kubelet.Stage.Shims().Count);
        PodContainer[] same = await Task.WhenAll(
            pods.Select((pod, index) => pod.StartAsync("same", ["/bin/sh", "-c", $"echo {index}; exec sleep 1000"])));
        await Until.TrueAsync(() => same.All(container => container.LogLines().Length == 1), "both write");
        Assert.Equal([["0"], ["1"]], same.Select(container => container.Words()));
        await pods[0].EndAsync();
        Assert.Equal(ContainerState.ContainerRunning, (await same[1].StatusAsync()).State);
        Assert.Single(kubelet.Stage.Shims());
        await pods[1].EndAsync();
    });

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("a container that cannot be created in a pod")]
    public Task AContainerWithoutItsProgramFailsAlone(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1");
        PodContainer before = await pod.StartAsync("before", Sleep);
        PodContainer failing = await pod.CreateAsync("failing", ["/bin/absent"]);
        RpcException failure = await Assert.ThrowsAsync<RpcException>(failing.StartAsync);
        Assert.Contains("/bin/absent", failure.Status.Detail, StringComparison.Ordinal);
        ContainerStatus status = await failing.StatusAsync();
        Assert.Equal((ContainerState.ContainerExited, 128, "StartError"), (status.State, status.ExitCode, status.Reason));
        Assert.False(Directory.Exists(Path.Combine(kubelet.Stage.Directory, "runc/k8s.io", failing.Id)));
        PodContainer after = await pod.StartAsync("after", Sleep);
        Assert.Equal(ContainerState.ContainerRunning, (await after.StatusAsync()).State);
        Assert.Equal(ContainerState.ContainerRunning, (await before.StatusAsync()).State);
        await pod.EndAsync();
    });

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("a pod's shim under the name containerd-shim-runc-v2")]
    public Task PodsRunUnderTheNameOfTheReference(string column) => ReferenceName.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1");
        PodContainer container = await pod.StartAsync("c1", Sleep);
        Assert.Equal(ReferenceName.Binary, Path.GetFileName(ProcessTable.Executable(Assert.Single(kubelet.Stage.Shims()))));
        await kubelet.KillDaemonAsync();
        await kubelet.StartDaemonAsync();
        Assert.Equal("in\n", (await container.ExecAsync(["/bin/echo", "in"])).Stdout.ToStringUtf8());
        await pod.EndAsync();
    });
}
