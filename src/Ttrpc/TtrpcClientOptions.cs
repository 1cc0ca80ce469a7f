using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ShimStack.Ttrpc;

/// <summary>The limits of a client.</summary>
public sealed record TtrpcClientOptions
{
    /// <summary>Where timeouts come from.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The longest payload of a frame, received or sent, in bytes. Peers of other make know only the default.</summary>
    public int MaxMessageLength { get; init; } = TtrpcServerOptions.DefaultMaxMessageLength;

    /// <summary>
    /// How many bytes of a stream may wait to be read, bookkeeping included. While a stream is full its connection is not read.
    /// </summary>
    public int MaxStreamBuffer { get; init; } = 256 * 1024;

    /// <summary>Where dropped answers and lost connections are told.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
