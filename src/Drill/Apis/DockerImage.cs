using System.Formats.Tar;
using System.Text.Json.Nodes;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Work;

namespace ShimStack.Drill.Apis;

/// <summary>What dockerd is given to make containers of: the worker as an image, and documents.</summary>
internal static class DockerImage
{
    private const string Label = "shimstack.drill";

    /// <summary>The image's only layer.</summary>
    public static MemoryStream Of(string rootfs)
    {
        MemoryStream tar = new();
        TarFile.CreateFromDirectory(rootfs, tar, includeBaseDirectory: false);
        tar.Position = 0;
        return tar;
    }

    /// <summary>Of the containers of one drill, as a filter has it.</summary>
    public static string LabelOf(TargetPlaces places) => $"{Label}={places.Name}";

    public static JsonObject Container(string image, WorkOrder order, TargetPlaces places, string runtime) => new()
    {
        ["Image"] = image,
        ["Cmd"] = Arguments(order),
        ["Labels"] = new JsonObject { [Label] = places.Name },
        ["HostConfig"] = new JsonObject
        {
            ["NetworkMode"] = "none",
            ["Binds"] = new JsonArray($"{places.Truth}:/drill"),
            ["LogConfig"] = new JsonObject { ["Type"] = "json-file" },
            // systemd's slices are names, other parents paths.
            ["CgroupParent"] = places.CgroupParent.EndsWith(".slice", StringComparison.Ordinal) ? places.CgroupParent : $"/{places.CgroupParent}",
            ["Runtime"] = runtime,
        },
    };

    public static JsonObject Exec(WorkOrder order) => new() { ["Cmd"] = Arguments(order) };

    private static JsonArray Arguments(WorkOrder order) => new([.. order.Arguments.Select(static word => (JsonNode)word)]);
}
