using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Cri;

namespace ShimStack.SystemTests.Kubernetes;

/// <summary>The daemon dies while pods run, and comes back.</summary>
public sealed class PodRestartTests
{
    private const string Writer = "trap 'exit 9' TERM; i=0; while :; do echo $i; i=$((i+1)); usleep 5000; done";

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("pods outlive the daemon")]
    public Task APodOutlivesItsDaemon(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1");
        PodContainer writer = await pod.StartAsync("writer", ["/bin/sh", "-c", Writer]);
        PodContainer sleeper = await pod.StartAsync("sleeper", ["/bin/sleep", "1000"]);
        int shim = Assert.Single(kubelet.Stage.Shims());
        (int, int, int) pids = (await pod.PidAsync(), await writer.PidAsync(), await sleeper.PidAsync());
        await kubelet.KillDaemonAsync();
        int seen = writer.LogLines().Length;
        await kubelet.StartDaemonAsync();
        Assert.Equal(pids, (await pod.PidAsync(), await writer.PidAsync(), await sleeper.PidAsync()));
        Assert.Equal(shim, Assert.Single(kubelet.Stage.Shims()));
        Assert.Equal(PodSandboxState.SandboxReady, (await pod.StatusAsync()).State);
        await Until.TrueAsync(() => writer.LogLines().Length > seen, "the log goes on");
        Assert.Equal("in\n", (await sleeper.ExecAsync(["/bin/echo", "in"])).Stdout.ToStringUtf8());
        PodContainer later = await pod.StartAsync("later", ["/bin/sleep", "1000"]);
        Assert.Equal(ContainerState.ContainerRunning, (await later.StatusAsync()).State);
        await writer.StopAsync(seconds: 30);
        Assert.Equal(9, (await writer.StatusAsync()).ExitCode);
        string[] words = writer.Words();
        Assert.Equal(words.Order(new AsNumbers()), words);
        await pod.EndAsync();
    });

    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine)), Feature("exit of a pod's container while the daemon is away")]
    public Task AnExitWhileTheDaemonIsAwayIsTold(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        bool isLost = RuntimeUnderTest.IsReference && CriLine.Daemon(column) != DaemonLine.Debian12;
        Assert.SkipWhen(isLost, "the reference shim loses this exit code");
        Pod pod = await Pod.RunAsync(kubelet, "p1");
        PodContainer container = await pod.StartAsync("c1", ["/bin/sh", "-c", "while ! [ -e /end ]; do usleep 5000; done; exit 7"]);
        int pid = await container.PidAsync();
        await kubelet.KillDaemonAsync();
        await File.WriteAllTextAsync($"/proc/{pid}/root/end", "");
        await Until.TrueAsync(() => !ProcessTable.Exists(pid), "the container ends");
        DateTimeOffset away = DateTimeOffset.UtcNow;
        await kubelet.StartDaemonAsync();
        ContainerStatus status = await container.ExitedAsync();
        Assert.Equal((7, "Error"), (status.ExitCode, status.Reason));
        // The shim takes the time when it learns of the exit, which may be a moment after we do.
        DateTimeOffset ended = DateTimeOffset.UnixEpoch.AddTicks(status.FinishedAt / TimeSpan.NanosecondsPerTick);
        Assert.InRange(ended, away.AddSeconds(-20), away.AddSeconds(1));
        await pod.EndAsync();
    });

    private sealed class AsNumbers : IComparer<string>
    {
        public int Compare(string? x, string? y) => int.Parse(x!, null).CompareTo(int.Parse(y!, null));
    }
}
