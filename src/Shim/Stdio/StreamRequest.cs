namespace ShimStack.Shim.Stdio;

/// <summary>What is asked for as the standard streams of a process.</summary>
/// <param name="Paths">As its client named them.</param>
/// <param name="Owner">Who owns the container's ends (<c>io_uid</c>, <c>io_gid</c>).</param>
/// <param name="Process">Its id: the container's for an init, else the exec's.</param>
internal sealed record StreamRequest(StdioPaths Paths, StreamOwner Owner, string Process)
{
    /// <summary>The container's folder on disk, where output is kept that nobody reads; empty for none.</summary>
    public string Work { get; init; } = string.Empty;
}
