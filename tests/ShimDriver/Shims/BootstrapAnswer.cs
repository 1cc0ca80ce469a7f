using System.Text;
using System.Text.Json;
using Google.Protobuf;
using ShimStack.Api.Bootstrap;

namespace ShimStack.ShimDriver.Shims;

/// <summary>The three forms in which a shim may tell its address.</summary>
public enum AnswerForm
{
    Protobuf,
    Json,
    Raw,
}

/// <summary>What the start action printed.</summary>
public sealed record BootstrapAnswer(AnswerForm Form, int Version, string Address, string Protocol)
{
    private const string UnixScheme = "unix://";

    /// <summary>Whether the address is one of the file system.</summary>
    public bool IsFileSystemSocket => Address.StartsWith(UnixScheme, StringComparison.Ordinal);

    /// <summary>Path of the socket. Throws if the address is not one of the file system.</summary>
    public string SocketPath => IsFileSystemSocket
        ? Address[UnixScheme.Length..]
        : throw new InvalidDataException($"address '{Address}' is not {UnixScheme}");

    /// <summary>Reads the output as a 2.3 daemon does: protobuf first, then JSON, then the bare address, which means version 2.</summary>
    public static BootstrapAnswer Parse(ReadOnlySpan<byte> output)
    {
        try
        {
            BootstrapResult result = BootstrapResult.Parser.ParseFrom(output);
            return new BootstrapAnswer(AnswerForm.Protobuf, result.Version, result.Address, result.Protocol);
        }
        catch (InvalidProtocolBufferException)
        {
            return ParseText(Encoding.UTF8.GetString(output).Trim());
        }
    }

    private static BootstrapAnswer ParseText(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            return new BootstrapAnswer(
                AnswerForm.Json,
                root.GetProperty("version").GetInt32(),
                root.GetProperty("address").GetString() ?? "",
                root.GetProperty("protocol").GetString() ?? "");
        }
        catch (JsonException)
        {
            return new BootstrapAnswer(AnswerForm.Raw, 2, text, "ttrpc");
        }
    }
}
