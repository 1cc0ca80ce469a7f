namespace ShimStack.Shim.Tests;

/// <summary>Tests that start processes take turns: whoever waits takes the end of every child.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneProcessAtATime
{
    public const string Name = "processes";
}
