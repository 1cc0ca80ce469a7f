using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Kubernetes;

/// <summary>
/// Pods whose root is nobody on the machine. The shim has the reference's name here: for another one a daemon from 2.0 on cannot put the
/// pod's ids into the options (contract chapter 9.5).
/// </summary>
public sealed class UserNamespaceTests
{
    private const uint First = 700_000;

    // 1.6 does not know them.
    [Theory, InlineData("cri-1.7"), InlineData("cri-2.x"), Feature("user namespace of a pod")]
    public async Task RootOfAPodIsAnotherUserOfTheMachine(string column)
    {
        if (CriLine.Daemon(column) == DaemonLine.Newest)
        {
            string features = (await Command.RunAsync("runc", ["features"])).Output;
            bool maps = features.Contains("\"idmap\"", StringComparison.Ordinal);
            Assert.SkipUnless(maps, "this runc does not say that it can map the ids of mounts: 1.2 does");
        }

        await ReferenceName.RunAsync(column, async kubelet =>
        {
            Pod pod = await Pod.RunAsync(kubelet, "p1", new PodSettings { FirstUser = First });
            PodContainer container = await pod.StartAsync("c1", ["/bin/sh", "-c", "id -u; exec sleep 1000"]);
            await Until.TrueAsync(() => container.Words().Length == 1, "it has written");
            Assert.Equal(["0"], container.Words());
            string[] status = await File.ReadAllLinesAsync($"/proc/{await container.PidAsync()}/status");
            string user = status.First(line => line.StartsWith("Uid:", StringComparison.Ordinal));
            Assert.Equal($"{First}", user.Split('\t')[1]);
            Assert.Equal("in\n", (await container.ExecAsync(["/bin/echo", "in"])).Stdout.ToStringUtf8());
            await pod.EndAsync();
        });
    }
}
