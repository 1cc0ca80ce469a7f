using System.Text.Json;
using ShimStack.Native;

namespace ShimStack.Shim.Bootstrap;

/// <summary>Which containers share a shim: an annotation in the bundle's <c>config.json</c> says so, otherwise each has its own.</summary>
internal static class Grouping
{
    // In order of precedence.
    private const string RuncGroup = "io.containerd.runc.v2.group";
    private const string CriSandbox = "io.kubernetes.cri.sandbox-id";

    /// <summary>The group of the container in <paramref name="bundle"/>, or <paramref name="id"/> when no annotation names one.</summary>
    /// <exception cref="StartupException"><c>config.json</c> is missing, unreadable or not the JSON of a spec.</exception>
    public static string Read(string bundle, string id)
    {
        string path = bundle + "/config.json";
        try
        {
            return Find(SmallFile.ReadAll(path)) ?? id;
        }
        catch (JsonException e)
        {
            throw new StartupException($"read spec {path}: {JsonFault.Describe(e)}", e);
        }
        catch (SyscallException e)
        {
            throw new StartupException($"read spec: {e.Message}", e);
        }
    }

    /// <summary>
    /// The group named in a spec; null if none is. The value counts even when it is empty, and what follows the object does not, as in the
    /// reference.
    /// </summary>
    /// <exception cref="JsonException">The text is not a JSON object, or annotations are not texts.</exception>
    public static string? Find(ReadOnlySpan<byte> spec)
    {
        var reader = new Utf8JsonReader(spec);
        (string? group, string? sandbox) = (null, null);
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("annotations"u8))
            {
                ReadAnnotations(ref reader, ref group, ref sandbox);
            }
            else
            {
                reader.Skip();
            }
        }
        return group ?? sandbox;
    }

    private static void ReadAnnotations(ref Utf8JsonReader reader, ref string? group, ref string? sandbox)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }
        Check(reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isGroup = reader.ValueTextEquals(RuncGroup);
            bool isSandbox = reader.ValueTextEquals(CriSandbox);
            Expect(ref reader, JsonTokenType.String);
            group = isGroup ? Text(reader) : group;
            sandbox = isSandbox ? Text(reader) : sandbox;
        }
    }

    private static string? Text(Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException($"the text at byte {reader.TokenStartIndex} is not UTF-8", e);
        }
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        reader.Read();
        Check(reader, type);
    }

    private static void Check(Utf8JsonReader reader, JsonTokenType type)
    {
        if (reader.TokenType != type)
        {
            throw new JsonException($"{type} expected at byte {reader.TokenStartIndex}, not {reader.TokenType}");
        }
    }
}
