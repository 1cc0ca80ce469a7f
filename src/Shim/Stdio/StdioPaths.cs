namespace ShimStack.Shim.Stdio;

/// <summary>The standard streams of a process as its client named them, returned unchanged by State: clients re-attach by them.</summary>
internal sealed record StdioPaths(string Stdin, string Stdout, string Stderr, bool Terminal)
{
    /// <summary>Nobody wants any stream.</summary>
    public bool IsNull => !Terminal && Stdin.Length == 0 && Stdout.Length == 0 && Stderr.Length == 0;
}
