namespace ShimStack.Shim.Stdio;

/// <summary>What one step of a <see cref="StreamCopy"/> came to; it names the side that is to be waited for.</summary>
internal enum CopyStep
{
    /// <summary>Bytes moved, there may be more.</summary>
    Moved,

    /// <summary>The source has nothing now.</summary>
    SourceEmpty,

    /// <summary>The sink takes nothing now.</summary>
    SinkFull,

    /// <summary>The source has ended and all its bytes are in the sink.</summary>
    SourceEnded,

    /// <summary>The sink will never take another byte.</summary>
    SinkGone,
}
