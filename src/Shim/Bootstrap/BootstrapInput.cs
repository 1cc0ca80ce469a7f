using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Bootstrap;

namespace ShimStack.Shim.Bootstrap;

/// <summary>How the daemon talks to the start action.</summary>
internal enum BootstrapProtocol
{
    /// <summary>Up to 2.2: options or nothing on stdin, the rest by flags and environment.</summary>
    Legacy,

    /// <summary>From 2.3 on: everything in one message.</summary>
    BootstrapParams,
}

/// <summary>What the daemon gives to the start action, from both ways of giving it.</summary>
internal sealed record BootstrapInput
{
    /// <summary>The reference reads no more than this, in bytes.</summary>
    public const int MaxLength = 10 << 20;

    public required BootstrapProtocol Protocol { get; init; }

    /// <summary>The runtime options; null if there are none.</summary>
    public Any? Options { get; init; }

    public string SocketDirectory { get; init; } = SocketAddress.DefaultDirectory;

    /// <summary>The daemon's gRPC socket; part of the socket's hash.</summary>
    public required string GrpcAddress { get; init; }

    /// <summary>Where events go; empty if only the environment says it.</summary>
    public string TtrpcAddress { get; init; } = "";

    public bool Debug { get; init; }

    /// <summary>The daemon's version; empty if it does not tell.</summary>
    public string ContainerdVersion { get; init; } = "";

    /// <summary>
    /// Reads stdin. The two messages share their first fields, so each parses as the other: id and namespace tell them apart.
    /// </summary>
    /// <param name="input">Everything on stdin.</param>
    /// <param name="arguments">The command line.</param>
    /// <exception cref="StartupException">Neither message, or one for another container.</exception>
    public static BootstrapInput Parse(byte[] input, ShimArguments arguments)
    {
        if (input.Length == 0)
        {
            return Legacy(arguments, null);
        }
        BootstrapParams? parameters = TryParse(BootstrapParams.Parser, input);
        if (parameters is not null && parameters.InstanceId == arguments.Id && parameters.Namespace == arguments.Namespace)
        {
            return From(parameters, arguments);
        }
        if (parameters is not null && IsCertain(parameters))
        {
            throw new StartupException(
                "bootstrap parameters do not match command-line arguments: "
                + $"they are for {parameters.Namespace}/{parameters.InstanceId}, not {arguments.Namespace}/{arguments.Id}");
        }
        return TryParse(Any.Parser, input) is Any { TypeUrl.Length: > 0 } options
            ? Legacy(arguments, options)
            : throw new StartupException(
                $"the {input.Length} bytes on standard input are neither runtime options nor bootstrap parameters");
    }

    /// <summary>
    /// The cgroup that the options want the shim in; empty if none. Options of a type that is not known are no concern of the start action.
    /// </summary>
    /// <exception cref="Ttrpc.RpcException">The options cannot be read.</exception>
    public string ReadShimCgroup() =>
        Options is Any options && RuntimeOptionsReader.Knows(options) ? RuntimeOptionsReader.Read(options).ShimCgroup : "";

    private static BootstrapInput Legacy(ShimArguments arguments, Any? options) => new()
    {
        Protocol = BootstrapProtocol.Legacy,
        Options = options,
        GrpcAddress = arguments.Address,
        Debug = arguments.Debug,
    };

    private static BootstrapInput From(BootstrapParams parameters, ShimArguments arguments) => new()
    {
        Protocol = BootstrapProtocol.BootstrapParams,
        Options = FindOptions(parameters),
        SocketDirectory = parameters.SocketDir.Length == 0 ? SocketAddress.DefaultDirectory : parameters.SocketDir,
        GrpcAddress = parameters.ContainerdGrpcAddress.Length == 0 ? arguments.Address : parameters.ContainerdGrpcAddress,
        TtrpcAddress = parameters.ContainerdTtrpcAddress,
        Debug = parameters.LogLevel <= LogLevel.Debug,
        ContainerdVersion = parameters.ContainerdVersion,
    };

    // An Any has two fields: whatever has more of ours than those is certainly not one.
    private static bool IsCertain(BootstrapParams parameters) =>
        parameters.ContainerdVersion.Length > 0
        || parameters.ContainerdGrpcAddress.Length > 0
        || parameters.ContainerdTtrpcAddress.Length > 0;

    // Extensions are an open set; the only one there is today carries the options.
    private static Any? FindOptions(BootstrapParams parameters)
    {
        foreach (Api.Bootstrap.Extension extension in parameters.Extensions)
        {
            if (extension.Value is Any value && RuntimeOptionsReader.Knows(value))
            {
                return value;
            }
        }
        return null;
    }

    private static T? TryParse<T>(MessageParser<T> parser, byte[] input)
        where T : class, IMessage<T>
    {
        try
        {
            return parser.ParseFrom(input);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
