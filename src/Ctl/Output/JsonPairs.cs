using System.Text.Json;

namespace ShimStack.Ctl.Output;

/// <summary>Names and what they mean, as JSON.</summary>
internal static class JsonPairs
{
    public static void Write(Utf8JsonWriter writer, string name, IEnumerable<(string Name, string Sentence)> pairs)
    {
        writer.WriteStartObject(name);
        foreach ((string key, string value) in pairs)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }
}
