namespace ShimStack.Bench.Measuring;

/// <summary>What a contender is to the targets.</summary>
internal enum Role
{
    /// <summary>No shim at all, or one that no target speaks of.</summary>
    Other,

    Ours,

    /// <summary>The reference of containerd 1.6.</summary>
    OldReference,

    /// <summary>The reference of the newest containerd that Debian carries.</summary>
    NewReference,
}
