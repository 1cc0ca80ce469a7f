using System.Buffers;
using System.Text.Json;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tasks;

/// <summary>The OCI process document of an exec.</summary>
internal static class ExecSpec
{
    /// <summary><paramref name="spec"/> with its <c>terminal</c> as the request says, everything else byte for byte.</summary>
    /// <exception cref="RpcException">Unknown: it is not a JSON object.</exception>
    public static ReadOnlyMemory<byte> WithTerminal(ReadOnlyMemory<byte> spec, bool terminal)
    {
        ArrayBufferWriter<byte> buffer = new(spec.Length + 32);
        try
        {
            using Utf8JsonWriter writer = new(buffer);
            writer.WriteStartObject();
            CopyOthers(spec.Span, writer);
            writer.WriteBoolean("terminal"u8, terminal);
            writer.WriteEndObject();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second stands for a name that is not text.
            throw new RpcException(RpcCode.Unknown, $"process spec of the exec is not a JSON object: {e.Message}", e);
        }

        return buffer.WrittenMemory;
    }

    private static void CopyOthers(ReadOnlySpan<byte> spec, Utf8JsonWriter writer)
    {
        Utf8JsonReader json = new(spec);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("no object");
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool isTerminal = json.ValueTextEquals("terminal"u8);
            string name = json.GetString()!;
            json.Read();
            int start = (int)json.TokenStartIndex;
            json.Skip();
            if (!isTerminal)
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(spec[start..(int)json.BytesConsumed], skipInputValidation: true);
            }
        }

        if (json.Read())
        {
            throw new JsonException("more than one object");
        }
    }
}
