using System.Buffers;
using System.Text.Json;
using ShimStack.Api;

namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// What daemons from 2.0 on write beside a container of how its shim is spoken to (<c>bootstrap.json</c>). The shim of a group may be
/// another than this binary: the reference of 2.x serves version 3 of the Task service only, and a daemon that is told of version 2 does
/// not try another one. So whoever joins a group passes on what was said when the group's shim started.
/// </summary>
/// <param name="Version">Of the Task service.</param>
/// <param name="Address">Where the shim listens, as a URI.</param>
internal readonly record struct BootstrapRecord(int Version, string Address)
{
    private const string FileName = "/bootstrap.json";

    /// <summary>The record in <paramref name="bundle"/>; null if there is none, or none that can be understood.</summary>
    public static BootstrapRecord? Read(string bundle)
    {
        try
        {
            return SmallFile.TryReadAll(bundle + FileName) is byte[] json ? Parse(json) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // Somebody else's file: without it, the join is as for a daemon that writes none.
            return null;
        }
    }

    /// <summary>
    /// The record of the shim that serves <paramref name="group"/>. It lies in the bundle of the container that the group is named
    /// after (a pod's pause container); if the name is no container's, in any other bundle that names the address.
    /// </summary>
    public static BootstrapRecord? OfGroup(string bundle, string group, SocketAddress address)
    {
        string bundles = GoPath.DirectoryOf(bundle);
        if (IdentifierRule.Fault(group) is null && Directory.Exists(GoPath.Join(bundles, group)))
        {
            return Matching(GoPath.Join(bundles, group), address);
        }
        foreach (string other in Directory.EnumerateDirectories(bundles))
        {
            if (Matching(other, address) is BootstrapRecord record)
            {
                return record;
            }
        }
        return null;
    }

    /// <summary>In the form that 2.0 to 2.2 take from the start action.</summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("version"u8, Version);
            json.WriteString("address"u8, Address);
            json.WriteString("protocol"u8, "ttrpc"u8);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static BootstrapRecord? Matching(string bundle, SocketAddress address) =>
        Read(bundle) is BootstrapRecord record && record.Address == address.Uri ? record : null;

    private static BootstrapRecord? Parse(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        (int version, string? address) = (0, null);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isVersion = reader.ValueTextEquals("version"u8);
            bool isAddress = reader.ValueTextEquals("address"u8);
            reader.Read();
            version = isVersion ? reader.GetInt32() : version;
            address = isAddress ? reader.GetString() : address;
            reader.Skip();
        }
        return version > 0 && address is not null ? new BootstrapRecord(version, address) : null;
    }
}
