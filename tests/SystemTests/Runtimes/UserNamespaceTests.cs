using System.Text.Json.Nodes;
using Grpc.Core;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Runc;
using ShimStack.Wire.Tasks;

namespace ShimStack.SystemTests.Runtimes;

/// <summary>Containers whose root is nobody outside. See user_namespaces(7), and mount_setattr(2) for idmapped mounts.</summary>
public sealed class UserNamespaceTests
{
    private const int First = 100000;
    private const int Count = 65536;

    private static readonly string[] Script =
        ["/bin/sh", "-c", "id -u; awk '{ print $2 }' /proc/self/uid_map; touch /tmp/made && stat -c %u /tmp/made; exit 3"];

    private static readonly string[] MountMapping = [$"uidmap=0:{First}:{Count}", $"gidmap=0:{First}:{Count}"];

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("user namespace")]
    public Task TheContainersRootOwnsItsFiles(string line) => Stage.RunAsync(line, async stage =>
    {
        string rootfs = Path.Combine(stage.Directory, "mapped");
        (await Command.RunAsync("cp", ["-a", stage.Rootfs, rootfs])).MustSucceed();
        (await Command.RunAsync("chown", ["-R", $"{First}:{First}", rootfs])).MustSucceed();
        await RunAsync(stage, rootfs, []);
        Assert.Equal($"{First}", await OwnerAsync(Path.Combine(rootfs, "tmp/made")));
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    [Feature("user namespace with an idmapped root file system")]
    public Task FilesOfAnIdmappedRootKeepTheirOwner(string line) => Stage.RunAsync(line, async stage =>
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference && line != "2.x", "the reference shim maps ids from containerd 2.0 on");
        await RunAsync(stage, stage.Rootfs, MountMapping);
        Assert.Equal("0", await OwnerAsync(Path.Combine(stage.Rootfs, "tmp/made")));
    });

    [Theory, InlineData("2.x"), Feature("idmapped volume")]
    public Task FilesOfAnIdmappedVolumeKeepTheirOwner(string line) => Stage.RunAsync(line, async stage =>
    {
        string volume = Directory.CreateDirectory(Path.Combine(stage.Directory, "volume")).FullName;
        try
        {
            await RunAsync(stage, stage.Rootfs, MountMapping, spec => spec["mounts"]!.AsArray().Add(new JsonObject
            {
                ["destination"] = "/tmp",
                ["type"] = "bind",
                ["source"] = volume,
                ["options"] = new JsonArray("rbind", "rw"),
                ["uidMappings"] = Mappings(),
                ["gidMappings"] = Mappings(),
            }));
        }
        catch (RpcException e) when (e.Status.Detail.Contains("idmap mounts not supported", StringComparison.Ordinal))
        {
            await stage.Client.Containers.DeleteAsync(new Wire.Containers.DeleteContainerRequest { Id = "c1" });
            Assert.Skip("runc 1.1 has no idmapped volumes: the daemon asks for its features, and refuses");
        }

        Assert.Equal("0", await OwnerAsync(Path.Combine(volume, "made")));
    });

    private static async Task RunAsync(Stage stage, string rootfs, string[] mapping, Action<JsonObject>? spec = null)
    {
        ContainerSettings settings = new()
        {
            TaskOptions = RuntimeOptions.Runc(new Options { Root = RuntimeOptions.RootOf(stage), IoUid = First, IoGid = First }),
            Mounts = [new Mount { Type = "bind", Source = rootfs, Options = { "rbind", "rw", mapping } }],
            Spec = document =>
            {
                document["linux"]!["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "user" });
                document["linux"]!["uidMappings"] = Mappings();
                document["linux"]!["gidMappings"] = Mappings();
                spec?.Invoke(document);
            },
        };
        Container container = await Container.CreateAsync(stage, "c1", Script, settings);
        Task<uint> exit = container.WaitAsync();
        await container.StartAsync();
        Assert.Equal(3u, await exit);
        Assert.Equal($"0\n{First}\n0\n", await container.Output!.Completion);
        Assert.Equal(3u, await container.DeleteAsync());
    }

    private static JsonArray Mappings() => [new JsonObject { ["containerID"] = 0, ["hostID"] = First, ["size"] = Count }];

    private static async Task<string> OwnerAsync(string path) =>
        (await Command.RunAsync("stat", ["-c", "%u", path])).MustSucceed().Output.Trim();
}
