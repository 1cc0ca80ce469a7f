namespace ShimStack.Ttrpc;

/// <summary>One message on the wire. The payload is lent by the reader until the frame is consumed.</summary>
/// <param name="Header">The ten bytes in front.</param>
/// <param name="Payload">The payload; empty if it was too long to be taken in.</param>
/// <param name="IsOversized">The payload is longer than the limit and is being thrown away.</param>
internal readonly record struct Frame(FrameHeader Header, ReadOnlyMemory<byte> Payload, bool IsOversized = false)
{
    /// <summary>The bytes of a frame with a copy of the payload.</summary>
    public static byte[] Encode(uint streamId, FrameType type, FrameFlags flags, ReadOnlySpan<byte> payload)
    {
        byte[] bytes = new byte[FrameHeader.Size + payload.Length];
        new FrameHeader((uint)payload.Length, streamId, type, flags).Write(bytes);
        payload.CopyTo(bytes.AsSpan(FrameHeader.Size));
        return bytes;
    }
}
