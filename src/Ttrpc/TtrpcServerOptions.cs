namespace ShimStack.Ttrpc;

/// <summary>The limits of a server; the same for each of its connections.</summary>
public sealed record TtrpcServerOptions
{
    /// <summary>The longest payload of a frame that the protocol allows, in bytes.</summary>
    public const int DefaultMaxMessageLength = 4 * 1024 * 1024;

    /// <summary>Where deadlines come from.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The longest payload of a frame, received or sent, in bytes. Peers of other make know only the default.</summary>
    public int MaxMessageLength { get; init; } = DefaultMaxMessageLength;

    /// <summary>How many handlers of one connection may run at a time. The next call is answered ResourceExhausted.</summary>
    public int MaxOpenCalls { get; init; } = 4096;

    /// <summary>
    /// How many bytes are read at a time from a peer that sends more than an idle connection holds (1,024); it holds as many until it sends less. 0
    /// reads no more.
    /// </summary>
    public int ReadAhead { get; init; }

    /// <summary>After so many frames a connection lets others have its thread, however much has come. At least 1.</summary>
    public int FramesInTurn { get; init; } = int.MaxValue;

    /// <summary>
    /// How many bytes of a stream may wait for its handler, bookkeeping included; one message is always taken. While a stream is full
    /// its connection is not read: ttrpc has no flow control but that of the socket.
    /// </summary>
    public int MaxStreamBuffer { get; init; } = 256 * 1024;
}
