using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Processes;
using ShimStack.SystemTests.Wire.Cri;

namespace ShimStack.SystemTests.Kubernetes;

/// <summary>Pods whose root is nobody on the machine.</summary>
public sealed class UserNamespaceTests
{
    private const uint First = 700_000;

    [Theory, InlineData("cri-1.7"), InlineData("cri-2.x"), Feature("user namespace of a pod")]
    public Task RootOfAPodIsAnotherUserOfTheMachine(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1", new PodSettings { FirstUser = First });
        PodContainer container = await pod.StartAsync("c1", ["/bin/sh", "-c", "id -u; exec sleep 1000"]);
        await Until.TrueAsync(() => container.Words().Length == 1, "it has written");
        Assert.Equal(["0"], container.Words());
        string user = File.ReadLines($"/proc/{await container.PidAsync()}/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal));
        Assert.Equal($"{First}", user.Split('\t')[1]);
        await pod.EndAsync();
    });
}
