namespace ShimStack.Ttrpc;

/// <summary>What a frame is. Other values are for the future: a receiver ignores them.</summary>
internal enum FrameType : byte
{
    Request = 0x01,
    Response = 0x02,
    Data = 0x03,
}
