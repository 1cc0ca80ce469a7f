using System.Buffers;
using System.Text.Json;
using ShimStack.Api.Runc;

namespace ShimStack.Shim.Bootstrap;

/// <summary>runc options as the reference writes them to <c>options.json</c>: the names of the .proto file, zero values left out.</summary>
internal static class OptionsJson
{
    /// <summary>The options as JSON; <c>{}</c> for the defaults.</summary>
    public static byte[] Write(Options options)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            Flag(json, "no_pivot_root"u8, options.NoPivotRoot);
            Flag(json, "no_new_keyring"u8, options.NoNewKeyring);
            Text(json, "shim_cgroup"u8, options.ShimCgroup);
            Number(json, "io_uid"u8, options.IoUid);
            Number(json, "io_gid"u8, options.IoGid);
            Text(json, "binary_name"u8, options.BinaryName);
            Text(json, "root"u8, options.Root);
            Text(json, "criu_path"u8, options.CriuPath);
            Flag(json, "systemd_cgroup"u8, options.SystemdCgroup);
            Text(json, "criu_image_path"u8, options.CriuImagePath);
            Text(json, "criu_work_path"u8, options.CriuWorkPath);
            Text(json, "task_api_address"u8, options.TaskApiAddress);
            Number(json, "task_api_version"u8, options.TaskApiVersion);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads them back; what is not known is passed over.</summary>
    /// <exception cref="JsonException">Not a JSON object, or a value of another kind than its field.</exception>
    public static Options Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var options = new Options();
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("an object is expected");
        }
        try
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadField(options, ref reader);
            }
            reader.Read(); // Whatever follows the object is an error.
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            throw new JsonException($"wrong kind of value at byte {reader.TokenStartIndex}", e);
        }
        return options;
    }

    private static void ReadField(Options options, ref Utf8JsonReader reader)
    {
        string? name = reader.GetString();
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }
        switch (name)
        {
            case "no_pivot_root": options.NoPivotRoot = reader.GetBoolean(); break;
            case "no_new_keyring": options.NoNewKeyring = reader.GetBoolean(); break;
            case "shim_cgroup": options.ShimCgroup = reader.GetString(); break;
            case "io_uid": options.IoUid = reader.GetUInt32(); break;
            case "io_gid": options.IoGid = reader.GetUInt32(); break;
            case "binary_name": options.BinaryName = reader.GetString(); break;
            case "root": options.Root = reader.GetString(); break;
            case "criu_path": options.CriuPath = reader.GetString(); break;
            case "systemd_cgroup": options.SystemdCgroup = reader.GetBoolean(); break;
            case "criu_image_path": options.CriuImagePath = reader.GetString(); break;
            case "criu_work_path": options.CriuWorkPath = reader.GetString(); break;
            case "task_api_address": options.TaskApiAddress = reader.GetString(); break;
            case "task_api_version": options.TaskApiVersion = reader.GetUInt32(); break;
            default: reader.Skip(); break;
        }
    }

    private static void Flag(Utf8JsonWriter json, ReadOnlySpan<byte> name, bool value)
    {
        if (value)
        {
            json.WriteBoolean(name, value);
        }
    }

    private static void Number(Utf8JsonWriter json, ReadOnlySpan<byte> name, uint value)
    {
        if (value != 0)
        {
            json.WriteNumber(name, value);
        }
    }

    private static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, string value)
    {
        if (value.Length != 0)
        {
            json.WriteString(name, value);
        }
    }
}
