using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ShimStack.Ttrpc;

/// <summary>The limits of a listener.</summary>
public sealed record TtrpcListenerOptions
{
    /// <summary>How many connections are served at a time; the next ones wait in the backlog of the socket.</summary>
    public int MaxConnections { get; init; } = 128;

    /// <summary>Who may connect, if not the user and group of this process; for tests.</summary>
    internal (uint Uid, uint Gid)? Peer { get; init; }

    /// <summary>Where a peer that is turned away is told.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
