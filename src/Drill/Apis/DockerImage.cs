using System.Formats.Tar;
using System.Text.Json.Nodes;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Work;

namespace ShimStack.Drill.Apis;

/// <summary>What dockerd is given to make containers of: the worker as an image, and documents.</summary>
internal static class DockerImage
{
    /// <summary>The image's only layer.</summary>
    public static MemoryStream Of(string rootfs)
    {
        MemoryStream tar = new();
        TarFile.CreateFromDirectory(rootfs, tar, includeBaseDirectory: false);
        tar.Position = 0;
        return tar;
    }

    public static JsonObject Container(string image, WorkOrder order, TargetPlaces places) => new()
    {
        ["Image"] = image,
        ["Cmd"] = Arguments(order),
        ["HostConfig"] = new JsonObject
        {
            ["NetworkMode"] = "none",
            ["Binds"] = new JsonArray($"{places.Truth}:/drill"),
        },
    };

    public static JsonObject Exec(WorkOrder order) => new() { ["Cmd"] = Arguments(order) };

    private static JsonArray Arguments(WorkOrder order) => new([.. order.Arguments.Select(static word => (JsonNode)word)]);
}
