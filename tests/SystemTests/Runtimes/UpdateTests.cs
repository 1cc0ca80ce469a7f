using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.Wire.Tasks;

namespace ShimStack.SystemTests.Runtimes;

/// <summary>New limits for a container that runs, as `docker update` and kubelet set them.</summary>
public sealed class UpdateTests
{
    private const int Memory = 64 << 20;

    [Theory, MemberData(nameof(Against.LinesAndRuntimes), MemberType = typeof(Against)), Feature("update of limits")]
    public Task NewLimitsAreInTheCgroup(string column) => Against.RunAsync(column, async (stage, settings) =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"], settings);
        await UpdateAsync(stage, $$$"""{"memory":{"limit":{{{Memory}}}},"pids":{"limit":77}}""");
        Assert.Equal($"{Memory}", CgroupFile.Read(stage, container.Pid, "memory", "memory.limit_in_bytes", "memory.max"));
        Assert.Equal("77", CgroupFile.Read(stage, container.Pid, "pids", "pids.max", "pids.max"));
        await container.EndAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("an update that the runtime refuses")]
    public Task ARefusedUpdateIsAnErrorAndTheContainerRunsOn(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"]);
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => UpdateAsync(stage, """{"memory":{"limit":-7000}}"""));
        Assert.Contains("runc did not terminate successfully", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(Wire.Tasks.Status.Running, (await container.StateAsync()).Status);
        await container.EndAsync();
    });

    private static async Task UpdateAsync(Stage stage, string resources) => await stage.Client.Tasks.UpdateAsync(new UpdateTaskRequest
    {
        ContainerId = "c1",
        Resources = new Any
        {
            TypeUrl = "types.containerd.io/opencontainers/runtime-spec/1/LinuxResources",
            Value = ByteString.CopyFrom(Encoding.UTF8.GetBytes(resources)),
        },
    });
}
