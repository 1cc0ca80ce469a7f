namespace ShimStack.Ttrpc;

/// <summary>What the sender of a frame says about its side of a stream. Unary frames carry none.</summary>
[Flags]
internal enum FrameFlags : byte
{
    None = 0,

    /// <summary>The sender will send no more on this stream.</summary>
    RemoteClosed = 0x01,

    /// <summary>The sender will send data frames on this stream.</summary>
    RemoteOpen = 0x02,

    /// <summary>The frame carries no message, which differs from an empty message.</summary>
    NoData = 0x04,
}
