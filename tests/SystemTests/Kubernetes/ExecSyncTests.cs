using Grpc.Core;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Cri;

namespace ShimStack.SystemTests.Kubernetes;

/// <summary>Commands in a container: kubelet's probes.</summary>
public sealed class ExecSyncTests
{
    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("exec in a pod's container (probes)")]
    public Task OutputAndExitCodeComeBack(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1");
        PodContainer container = await pod.StartAsync("c1", ["/bin/sleep", "1000"]);
        ExecSyncResponse result = await container.ExecAsync(["/bin/sh", "-c", "echo out; echo err >&2; exit 3"]);
        Assert.Equal((3, "out\n", "err\n"), (result.ExitCode, result.Stdout.ToStringUtf8(), result.Stderr.ToStringUtf8()));
        ExecSyncResponse[] many = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(n => container.ExecAsync(["/bin/sh", "-c", $"seq 1 20000; exit {n}"])));
        Assert.Equal([0, 1, 2, 3, 4], many.Select(one => one.ExitCode));
        Assert.All(many, one => Assert.EndsWith("\n20000\n", one.Stdout.ToStringUtf8(), StringComparison.Ordinal));
        RpcException absent = await Assert.ThrowsAsync<RpcException>(() => container.ExecAsync(["/bin/absent"]));
        Assert.Contains("/bin/absent", absent.Status.Detail, StringComparison.Ordinal);
        await pod.EndAsync();
    });

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("exec in a pod's container with a time-out")]
    public Task ACommandThatTakesTooLongIsKilled(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1");
        PodContainer container = await pod.StartAsync("c1", ["/bin/sleep", "1000"]);
        RpcException late = await Assert.ThrowsAsync<RpcException>(() => container.ExecAsync(["/bin/sleep", "987"], seconds: 1));
        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
        await Until.TrueAsync(() => kubelet.Count("sleep 987") == 0, "the command is killed");
        Assert.Equal(0, (await container.ExecAsync(["/bin/true"])).ExitCode);
        await pod.EndAsync();
    });
}
