namespace ShimStack.Supervisor.Configuration;

/// <summary>What can be set, in the file and by flags of the same names. Every default works.</summary>
internal sealed record SupervisorSettings
{
    /// <summary>The unix socket of the gRPC API; the one for events of shims is beside it, with ".ttrpc" added.</summary>
    public string Address { get; init; } = "/run/shimstack/shimstackd.sock";

    /// <summary>What lasts until the next boot: bundles of tasks.</summary>
    public string State { get; init; } = "/run/shimstack";

    /// <summary>What lasts: the database, and work folders of tasks.</summary>
    public string Root { get; init; } = "/var/lib/shimstack";

    /// <summary>Whose members may connect besides root and our own user, who is then root's equal; null for nobody.</summary>
    public string? Group { get; init; }

    /// <summary>Least important messages that are written.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Runtime name to the binary that serves it; every other name is found as containerd does. Contract chapter 1.1.</summary>
    public IReadOnlyDictionary<string, string> Runtimes { get; init; } = new Dictionary<string, string>();

    /// <summary>Where runc keeps its state if the options of a container do not say; null for "runc" below <see cref="State"/>.</summary>
    public string? RuncRoot { get; init; }

    /// <summary>Events that the journal keeps at least, though all have been seen.</summary>
    public int JournalLength { get; init; } = 100_000;

    /// <summary>Events that wait for one subscriber at most; then it is cut off.</summary>
    public int SubscriberQueue { get; init; } = 10_000;

    /// <summary>Where Prometheus finds its page: a path of a unix socket, or "ADDRESS:PORT"; null for nowhere.</summary>
    public string? MetricsAddress { get; init; }

    /// <summary>Where traces go by OTLP, as "http://ADDRESS:PORT"; null for nowhere.</summary>
    public string? TracesEndpoint { get; init; }

    /// <summary>What is added to the address for the other socket.</summary>
    public const string TtrpcSuffix = ".ttrpc";

    /// <summary>The ttrpc socket on which shims tell of events.</summary>
    public string TtrpcAddress => Address + TtrpcSuffix;

    /// <summary>What is added to the address for the socket to which shims bring what must not close with them.</summary>
    public const string ParkingSuffix = ".park";

    /// <summary>The socket to which shims bring what must not close with them.</summary>
    public string ParkingAddress => Address + ParkingSuffix;

    /// <summary>The database file.</summary>
    public string DatabasePath => Path.Join(Root, "shimstackd.db");
}
