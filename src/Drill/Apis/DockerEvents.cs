using System.Globalization;
using System.Text.Json.Nodes;
using ShimStack.Api.Events;

namespace ShimStack.Drill.Apis;

/// <summary>dockerd's events of containers, in containerd's words.</summary>
internal static class DockerEvents
{
    /// <summary>null for one of another drill, or of what nobody asks for.</summary>
    /// <param name="told">One event.</param>
    /// <param name="prefix">What the names of this drill's containers begin with.</param>
    public static ToldEvent? TryRead(JsonNode told, string prefix)
    {
        JsonNode? attributes = told["Actor"]?["Attributes"];
        if (attributes?["name"]?.GetValue<string>() is not string name || !name.StartsWith(prefix, StringComparison.Ordinal))
        {
            return null;
        }

        name = name[prefix.Length..];
        return told["Action"]?.GetValue<string>() switch
        {
            "create" => new ToldEvent(Topics.TaskCreate, name, name),
            "start" => new ToldEvent(Topics.TaskStart, name, name),
            "destroy" => new ToldEvent(Topics.TaskDelete, name, name),
            "die" => new ToldEvent(Topics.TaskExit, name, name,
                new ToldExit(int.Parse(attributes["exitCode"]!.GetValue<string>(), CultureInfo.InvariantCulture), null)),
            _ => null,
        };
    }
}
