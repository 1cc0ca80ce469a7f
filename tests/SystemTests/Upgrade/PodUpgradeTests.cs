using System.Text.Json;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Kubernetes;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Cri;

namespace ShimStack.SystemTests.Upgrade;

/// <summary>One shim has all containers of a pod, and goes on with all of them.</summary>
public sealed class PodUpgradeTests
{
    private const string Writer = "trap 'exit 9' TERM; i=0; while :; do echo $i; i=$((i+1)); usleep 5000; done";

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("shim of a pod upgraded in place")]
    public Task AllContainersOfAPodGoOn(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1");
        PodContainer writer = await pod.StartAsync("writer", ["/bin/sh", "-c", Writer]);
        PodContainer sleeper = await pod.StartAsync("sleeper", ["/bin/sleep", "1000"]);
        (int, int, int) pids = (await pod.PidAsync(), await writer.PidAsync(), await sleeper.PidAsync());
        ShimBuilds builds = await ShimBuilds.MakeAsync(kubelet.Stage.Directory, kubelet.Stage.Daemon.Address, kubelet.Stage.Namespace);

        JsonElement outcome = Assert.Single(await builds.UpgradeAsync(builds.Second));
        Assert.Equal(Assert.Single(kubelet.Stage.Shims()), outcome.GetProperty("pid").GetInt32());
        Assert.Equal(pids, (await pod.PidAsync(), await writer.PidAsync(), await sleeper.PidAsync()));
        int seen = writer.LogLines().Length;
        await Until.TrueAsync(() => writer.LogLines().Length > seen, "the log goes on");
        Assert.Equal("in\n", (await sleeper.ExecAsync(["/bin/echo", "in"])).Stdout.ToStringUtf8());
        PodContainer later = await pod.StartAsync("later", ["/bin/sleep", "1000"]);
        Assert.Single(await builds.UpgradeAsync(ShimBuilds.First));
        Assert.Equal(ContainerState.ContainerRunning, (await later.StatusAsync()).State);
        await writer.StopAsync(seconds: 30);
        Assert.Equal(9, (await writer.StatusAsync()).ExitCode);
        await pod.EndAsync();
    });
}
