using System.Text.Json;
using ShimStack.Native;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Tasks;

/// <summary>What the server reads of a container's <c>config.json</c>.</summary>
internal static class SpecFile
{
    /// <summary>
    /// Whether the container has a new pid namespace of its own, so that the kernel ends all of it with its init. False also
    /// where the file cannot be read: killing what is gone is harmless, leaving what runs is not.
    /// </summary>
    public static bool HasPrivatePidNamespace(string bundle)
    {
        try
        {
            return ListsPrivatePidNamespace(SmallFile.ReadAll(Path.Join(bundle, "config.json")));
        }
        catch (Exception e) when (e is SyscallException or JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether <c>linux.namespaces</c> has an entry of type <c>pid</c> without a path.</summary>
    public static bool ListsPrivatePidNamespace(ReadOnlySpan<byte> spec)
    {
        Utf8JsonReader json = new(spec);
        return EnterProperty(ref json, "linux"u8) && EnterProperty(ref json, "namespaces"u8) && AnyPrivatePid(ref json);
    }

    // Moves to the value of a property of the object that begins at the next token.
    private static bool EnterProperty(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        if ((json.TokenType == JsonTokenType.None && !json.Read()) || json.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool found = json.ValueTextEquals(name);
            json.Read();
            if (found)
            {
                return true;
            }

            json.Skip();
        }

        return false;
    }

    private static bool AnyPrivatePid(ref Utf8JsonReader json)
    {
        while (json.TokenType is JsonTokenType.StartArray or JsonTokenType.EndObject && json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            bool pid = false;
            bool hasPath = false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                bool type = json.ValueTextEquals("type"u8);
                bool path = json.ValueTextEquals("path"u8);
                json.Read();
                pid |= type && json.TokenType == JsonTokenType.String && json.ValueTextEquals("pid"u8);
                hasPath |= path && json.TokenType == JsonTokenType.String && !json.ValueTextEquals(""u8);
                json.Skip();
            }

            if (pid && !hasPath)
            {
                return true;
            }
        }

        return false;
    }
}
