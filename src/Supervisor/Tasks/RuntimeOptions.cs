using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Daemon;
using ShimStack.Api.Runc;
using ShimStack.Supervisor.Configuration;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tasks;

/// <summary>
/// The options of the runtime: those of the call, else those of the container. Where they give runc no root, it is one of ours, so that we never
/// meet a containerd of the same machine, whose containers may have the same ids.
/// </summary>
internal sealed class RuntimeOptions(SupervisorSettings settings)
{
    private static readonly string[] SpeakRuncOptions = ["containerd-shim-runc-", "containerd-shim-shimstack-"];

    /// <param name="container">The container.</param>
    /// <param name="ofCall">What Create brought; may be null.</param>
    /// <param name="binary">The shim.</param>
    /// <returns>Null for none.</returns>
    /// <exception cref="RpcException">InvalidArgument: they are no message.</exception>
    public Any? For(Container container, Any? ofCall, string binary)
    {
        Any? options = ofCall is { Value.IsEmpty: false } ? ofCall : container.Runtime?.Options;
        if (options is null or { TypeUrl: "" })
        {
            return SpeaksRuncOptions(binary) ? Packed(new Options { Root = Root }) : null;
        }

        if (options.TypeUrl != TypeUrls.RuncOptions)
        {
            return options;
        }

        Options runc = Parse(options);
        if (runc.Root.Length > 0)
        {
            return options;
        }

        runc.Root = Root;
        return Packed(runc);
    }

    /// <summary>Where runc finds a checkpoint to restore, if the options name one.</summary>
    public static string CheckpointOf(Any? options) => options?.TypeUrl == TypeUrls.RuncOptions ? Parse(options).CriuImagePath : "";

    private string Root => settings.RuncRoot ?? Path.Join(settings.State, "runc");

    private static bool SpeaksRuncOptions(string binary) =>
        Array.Exists(SpeakRuncOptions, prefix => Path.GetFileName(binary).StartsWith(prefix, StringComparison.Ordinal));

    private static Any Packed(Options options) => new() { TypeUrl = TypeUrls.RuncOptions, Value = options.ToByteString() };

    private static Options Parse(Any options)
    {
        try
        {
            return Options.Parser.ParseFrom(options.Value);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw RpcException.InvalidArgument($"runtime options of type {options.TypeUrl}: {e.Message}: invalid argument");
        }
    }
}
