using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ShimStack.SystemTests.Containers;

/// <summary>The OCI documents that a client gives to the daemon, as small as a shell in busybox allows.</summary>
internal static class ContainerSpec
{
    private const string TypeUrl = "types.containerd.io/opencontainers/runtime-spec/1/";

    private static readonly string[] PrivateNamespaces = ["pid", "ipc", "uts", "mount"];

    /// <summary>The config.json of a container. <paramref name="root"/>: "rootfs" when the shim mounts it, else an absolute path.</summary>
    public static Any Container(string root, string cgroup, string[] command, ContainerSettings settings)
    {
        JsonObject spec = new()
        {
            ["ociVersion"] = "1.0.2",
            ["process"] = ProcessNode(command),
            ["root"] = new JsonObject { ["path"] = root },
            ["mounts"] = new JsonArray(Mount("/proc", "proc"), Mount("/dev", "tmpfs", "mode=755"), Mount("/dev/pts", "devpts", "newinstance", "ptmxmode=0666")),
            ["linux"] = new JsonObject
            {
                ["cgroupsPath"] = cgroup,
                ["namespaces"] = new JsonArray([.. PrivateNamespaces.Select(name => (JsonNode)new JsonObject { ["type"] = name })]),
            },
        };
        spec["process"]!["terminal"] = settings.Terminal;
        if (settings.Hooks is not null)
        {
            spec["hooks"] = settings.Hooks;
        }

        if (settings.Resources is not null)
        {
            spec["linux"]!["resources"] = settings.Resources.DeepClone();
        }

        settings.Spec?.Invoke(spec);
        return Pack("Spec", spec);
    }

    /// <summary>The process of an exec.</summary>
    public static Any Process(string[] command) => Pack("Process", ProcessNode(command));

    private static JsonObject ProcessNode(string[] command) => new()
    {
        ["args"] = new JsonArray([.. command.Select(argument => (JsonNode)argument)]),
        ["cwd"] = "/",
        ["env"] = new JsonArray("PATH=/bin"),
        ["user"] = new JsonObject { ["uid"] = 0, ["gid"] = 0 },
    };

    private static JsonObject Mount(string target, string type, params string[] options) => new()
    {
        ["destination"] = target,
        ["type"] = type,
        ["source"] = type,
        ["options"] = new JsonArray([.. options.Select(option => (JsonNode)option)]),
    };

    private static Any Pack(string type, JsonObject document) => new()
    {
        TypeUrl = TypeUrl + type,
        Value = ByteString.CopyFrom(Encoding.UTF8.GetBytes(document.ToJsonString(JsonSerializerOptions.Default))),
    };
}
