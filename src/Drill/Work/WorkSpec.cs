using System.Text.Json.Nodes;
using ShimStack.Drill.Targets;

namespace ShimStack.Drill.Work;

/// <summary>
/// The specification of a drill's container: its own processes and mounts, the worker, and the folder where that notes the truth. See
/// config-linux.md of the OCI.
/// </summary>
internal static class WorkSpec
{
    private static readonly string[] Namespaces = ["pid", "ipc", "uts", "mount", "network"];

    public static JsonObject Container(WorkOrder order, TargetPlaces places) => new()
    {
        ["ociVersion"] = "1.0.2",
        ["process"] = Process(order),
        ["root"] = new JsonObject { ["path"] = places.Rootfs, ["readonly"] = true },
        ["hostname"] = order.Name,
        ["mounts"] = new JsonArray(
            new JsonObject { ["destination"] = "/proc", ["type"] = "proc", ["source"] = "proc" },
            new JsonObject
            {
                ["destination"] = "/dev",
                ["type"] = "tmpfs",
                ["source"] = "tmpfs",
                ["options"] = Words("nosuid", "mode=755", "size=64k"),
            },
            new JsonObject { ["destination"] = "/drill", ["type"] = "bind", ["source"] = places.Truth, ["options"] = Words("rbind", "rw") }),
        ["linux"] = new JsonObject
        {
            ["namespaces"] = new JsonArray([.. Namespaces.Select(name => (JsonNode)new JsonObject { ["type"] = name })]),
            ["cgroupsPath"] = places.CgroupOf(order.Name),
        },
    };

    public static JsonObject Process(WorkOrder order) => new()
    {
        ["user"] = new JsonObject { ["uid"] = 0, ["gid"] = 0 },
        ["args"] = Words([.. order.Arguments]),
        ["env"] = Words("PATH=/"),
        ["cwd"] = "/",
        ["noNewPrivileges"] = true,
    };

    private static JsonArray Words(params string[] words) => new([.. words.Select(word => (JsonNode)word)]);
}
