namespace ShimStack.Ttrpc.Tests;

/// <summary>Tests that measure what the whole process holds: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
