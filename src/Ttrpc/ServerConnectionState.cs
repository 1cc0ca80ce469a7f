namespace ShimStack.Ttrpc;

/// <summary>All that a connection knows, put down. With the same stream it is all that another build needs to go on.</summary>
/// <param name="LastStreamId">The highest stream id that has been seen; the next must be higher.</param>
/// <param name="HalfRead">Bytes that belong in front of what the stream will bring.</param>
/// <param name="HalfWritten">Bytes that belong on the stream before anything else.</param>
/// <param name="OpenCalls">The calls that wait for an answer, by stream id.</param>
public sealed record ServerConnectionState(
    uint LastStreamId,
    ReadOnlyMemory<byte> HalfRead,
    ReadOnlyMemory<byte> HalfWritten,
    IReadOnlyList<OpenCall> OpenCalls);
