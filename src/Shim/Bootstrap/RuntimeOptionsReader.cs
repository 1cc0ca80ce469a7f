using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Runc;
using ShimStack.Native;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// The runtime options of a request, whatever way they come in: runc's own message, or the generic one that clients use for runtimes whose
/// name they
/// do not know, with a few lines of TOML inside.
/// </summary>
internal static class RuntimeOptionsReader
{
    /// <summary>Reads them; absent or empty means the defaults.</summary>
    /// <exception cref="RpcException">InvalidArgument: a type that is not known, or a content that does not fit its type.</exception>
    public static Options Read(Any? options)
    {
        if (options is null || (options.Value.IsEmpty && TypeName(options).Length == 0))
        {
            return new Options();
        }
        try
        {
            return TypeName(options) switch
            {
                TypeUrls.RuncOptions => Options.Parser.ParseFrom(options.Value),
                TypeUrls.RuntimeOptions => ReadGeneric(Api.RuntimeOptions.Options.Parser.ParseFrom(options.Value)),
                _ when options.Value.IsEmpty => new Options(),
                _ => throw RpcException.InvalidArgument($"unsupported runtime options type {options.TypeUrl}"),
            };
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new RpcException(RpcCode.InvalidArgument, $"runtime options {options.TypeUrl} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Whether <see cref="Read"/> knows the type: the message's name, after the last slash of its URL.</summary>
    public static bool Knows(Any options) => TypeName(options) is TypeUrls.RuncOptions or TypeUrls.RuntimeOptions;

    private static string TypeName(Any options) => options.TypeUrl[(options.TypeUrl.LastIndexOf('/') + 1)..];

    private static Options ReadGeneric(Api.RuntimeOptions.Options generic)
    {
        if (!generic.ConfigBody.IsEmpty)
        {
            return ReadToml(generic.ConfigBody.Span, "config_body");
        }
        if (generic.ConfigPath.Length == 0)
        {
            return new Options();
        }
        try
        {
            return ReadToml(SmallFile.ReadAll(generic.ConfigPath), generic.ConfigPath);
        }
        catch (SyscallException e)
        {
            throw new RpcException(RpcCode.InvalidArgument, $"runtime options: {e.Message}", e);
        }
    }

    private static Options ReadToml(ReadOnlySpan<byte> toml, string source)
    {
        try
        {
            return ToOptions(FlatToml.Parse(Encoding.UTF8.GetString(toml)));
        }
        catch (FormatException e)
        {
            throw new RpcException(RpcCode.InvalidArgument, $"runtime options {source}: {e.Message}", e);
        }
    }

    // Keys as containerd's configuration has them. Others belong to somebody else: TypeUrl, for one, is passed on by the daemon.
    private static Options ToOptions(IReadOnlyList<TomlEntry> entries)
    {
        var options = new Options();
        foreach (TomlEntry entry in entries)
        {
            switch (entry.Key)
            {
                case "BinaryName": options.BinaryName = entry.AsString(); break;
                case "Root": options.Root = entry.AsString(); break;
                case "SystemdCgroup": options.SystemdCgroup = entry.AsBool(); break;
                case "NoPivotRoot": options.NoPivotRoot = entry.AsBool(); break;
                case "NoNewKeyring": options.NoNewKeyring = entry.AsBool(); break;
                case "ShimCgroup": options.ShimCgroup = entry.AsString(); break;
                case "IoUid": options.IoUid = entry.AsUInt32(); break;
                case "IoGid": options.IoGid = entry.AsUInt32(); break;
                case "CriuPath": options.CriuPath = entry.AsString(); break;
                case "CriuImagePath": options.CriuImagePath = entry.AsString(); break;
                case "CriuWorkPath": options.CriuWorkPath = entry.AsString(); break;
                default: break;
            }
        }
        return options;
    }
}
