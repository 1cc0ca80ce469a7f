namespace ShimStack.Shim.Bootstrap;

/// <summary>What the daemon asks of the binary. Any word but the two known ones runs the server, as in the reference.</summary>
internal enum ShimAction
{
    Serve,
    Start,
    Delete,
}

/// <summary>
/// The command line, parsed but not yet checked: <see cref="Validate"/> comes after <c>-v</c> and <c>-info</c>, which need no namespace.
/// </summary>
internal sealed record ShimArguments
{
    /// <summary>sockaddr_un holds 108 bytes; the reference allows 106 of them. See unix(7).</summary>
    public const int MaxSocketPathLength = 106;

    public string Namespace { get; init; } = "";

    public string Id { get; init; } = "";

    /// <summary>The daemon's gRPC socket, verbatim: it goes into the hash of the socket path.</summary>
    public string Address { get; init; } = "";

    public string PublishBinary { get; init; } = "";

    public string Bundle { get; init; } = "";

    public string Socket { get; init; } = "";

    public string DebugSocket { get; init; } = "";

    public bool Debug { get; init; }

    public bool ShowVersion { get; init; }

    public bool ShowInfo { get; init; }

    /// <summary>A shim that runs asks whether this build can take its place.</summary>
    public bool CheckState { get; init; }

    /// <summary>The server takes the place of one that has died: see Parking.</summary>
    public bool Adopt { get; init; }

    public ShimAction Action { get; init; }

    /// <summary>Parses the arguments after the program's name.</summary>
    /// <exception cref="UsageException">An unknown flag, a missing or wrong value.</exception>
    public static ShimArguments Parse(ReadOnlySpan<string> arguments)
    {
        var flags = new GoFlags(arguments);
        var result = new ShimArguments();
        while (flags.MoveNext())
        {
            result = result.With(ref flags);
        }
        ShimAction action = flags.Rest switch
        {
            ["start", ..] => ShimAction.Start,
            ["delete", ..] => ShimAction.Delete,
            _ => ShimAction.Serve,
        };
        return result with { Action = action };
    }

    /// <summary>Checks everything that becomes part of a path.</summary>
    /// <exception cref="StartupException">The namespace or the id is missing or not an identifier, or a socket path is too
    /// long.</exception>
    public void Validate()
    {
        if (Namespace.Length == 0)
        {
            throw new StartupException("shim namespace cannot be empty");
        }
        Identifier.Check("shim namespace", Namespace);
        Identifier.Check("shim id", Id);
        SocketAddress.CheckLength(Socket);
        SocketAddress.CheckLength(DebugSocket);
    }

    private ShimArguments With(ref GoFlags flags) => flags.Name switch
    {
        "namespace" => this with { Namespace = flags.TakeString() },
        "id" => this with { Id = flags.TakeString() },
        "address" => this with { Address = flags.TakeString() },
        "publish-binary" => this with { PublishBinary = flags.TakeString() },
        "bundle" => this with { Bundle = flags.TakeString() },
        "socket" => this with { Socket = flags.TakeString() },
        "debug-socket" => this with { DebugSocket = flags.TakeString() },
        "debug" => this with { Debug = flags.TakeBool() },
        "adopt" => this with { Adopt = flags.TakeBool() },
        "v" or "version" => this with { ShowVersion = flags.TakeBool() },
        "info" => this with { ShowInfo = flags.TakeBool() },
        "check-state" => this with { CheckState = flags.TakeBool() },
        "h" or "help" => throw new UsageException("", ExitCode.Success),
        string unknown => throw new UsageException($"flag provided but not defined: -{unknown}"),
    };
}
