using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;

namespace ShimStack.Ctl.Containers;

/// <summary>Small words for OCI documents, which travel as JSON.</summary>
internal static class Json
{
    public static JsonArray Strings(params IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    /// <summary>The object of that name; made if there is none.</summary>
    public static JsonObject Child(this JsonObject parent, string name)
    {
        if (parent[name] is JsonObject child)
        {
            return child;
        }

        child = [];
        parent[name] = child;
        return child;
    }

    /// <summary>The array of that name; made if there is none.</summary>
    public static JsonArray List(this JsonObject parent, string name)
    {
        if (parent[name] is JsonArray list)
        {
            return list;
        }

        list = [];
        parent[name] = list;
        return list;
    }

    /// <summary>null if it is no JSON object.</summary>
    public static JsonObject? TryUnpack(Any? document)
    {
        try
        {
            return document is null ? null : JsonNode.Parse(document.Value.Span) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
