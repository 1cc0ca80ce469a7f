namespace ShimStack.SystemTests;

/// <summary>
/// Tests that measure (memory, descriptors, a time that is short), or that keep both processors busy by themselves: they run one by one, when all others
/// have ended.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
