namespace ShimStack.Drill.Scenarios;

/// <summary>What a scenario needs of its target's surroundings.</summary>
internal enum Need
{
    Nothing,

    /// <summary>A small file system for the state of daemon and shims.</summary>
    SmallDisk,

    /// <summary>A runtime that can be made to hang or die.</summary>
    FaultyRuntime,
}
