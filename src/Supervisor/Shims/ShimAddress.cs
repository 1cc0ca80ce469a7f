using System.Text;
using System.Text.Json;
using Google.Protobuf;
using ShimStack.Api.Bootstrap;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Shims;

/// <summary>Where a shim listens and how it is spoken to; also the content of <c>bootstrap.json</c>. Contract chapters 1.6 and 1.10.</summary>
/// <param name="Version">Of the Task service, 2 or 3.</param>
/// <param name="Address">"unix://" and the path of a socket.</param>
/// <param name="Protocol">"ttrpc".</param>
internal sealed record ShimAddress(int Version, string Address, string Protocol)
{
    private const int OldestVersion = 2;
    private const int NewestVersion = 3;
    private const int MaxPath = 107; // see unix(7), sun_path
    private const int MaxShown = 200;
    private const string UnixScheme = "unix://";

    /// <summary>Path of the socket.</summary>
    /// <exception cref="RpcException">Unimplemented: it is of another kind, or too long.</exception>
    public string SocketPath
    {
        get
        {
            string shown = Address.Length <= MaxShown ? Address : Address[..MaxShown] + "…";
            if (!Address.StartsWith(UnixScheme, StringComparison.Ordinal))
            {
                throw RpcException.Unimplemented($"address {shown} of a shim: only unix sockets are supported");
            }

            string path = Address[UnixScheme.Length..];
            return Encoding.UTF8.GetByteCount(path) <= MaxPath
                ? path
                : throw RpcException.Unimplemented($"address {shown} of a shim: its path is longer than {MaxPath} bytes");
        }
    }

    /// <summary>Understands what the start action printed, in any of the forms: a message, JSON, or the bare address.</summary>
    /// <exception cref="RpcException">Unimplemented: a version or protocol that is not spoken here.</exception>
    public static ShimAddress Parse(ReadOnlySpan<byte> output)
    {
        // What looks like JSON is read as that first: it is what is kept in bundles, and to be no message costs an exception.
        ShimAddress parsed = (output is [(byte)'{', ..] ? TryJson(output) ?? TryMessage(output) : TryMessage(output) ?? TryJson(output))
            ?? new ShimAddress(OldestVersion, Encoding.UTF8.GetString(output).Trim(), "ttrpc");
        if (parsed.Version is < OldestVersion or > NewestVersion)
        {
            throw RpcException.Unimplemented($"unsupported shim version ({parsed.Version}): not implemented");
        }

        return parsed.Protocol.Equals("ttrpc", StringComparison.OrdinalIgnoreCase)
            ? parsed
            : throw RpcException.Unimplemented($"unsupported protocol of a shim: \"{parsed.Protocol}\"");
    }

    /// <summary>As it is kept in the bundle.</summary>
    public byte[] ToJson()
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteString("address", Address);
            json.WriteString("protocol", Protocol);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static ShimAddress? TryMessage(ReadOnlySpan<byte> output)
    {
        try
        {
            BootstrapResult result = BootstrapResult.Parser.ParseFrom(output);
            return result.Address.Length > 0 && result.Version > 0 ? new ShimAddress(result.Version, result.Address, result.Protocol) : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null; // it is one of the older forms
        }
    }

    private static ShimAddress? TryJson(ReadOnlySpan<byte> output)
    {
        try
        {
            Utf8JsonReader reader = new(output);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            JsonElement root = document.RootElement;
            int version = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("version", out JsonElement number) ? number.GetInt32() : 0;
            return version < OldestVersion ? null : new ShimAddress(version, Text(root, "address"), Text(root, "protocol"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null; // it is the bare address
        }
    }

    private static string Text(JsonElement root, string name) => root.TryGetProperty(name, out JsonElement value) ? value.GetString() ?? "" : "";
}
