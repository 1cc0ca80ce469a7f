namespace ShimStack.ShimDriver.Host;

/// <summary>What <see cref="QuietProcess"/> starts.</summary>
/// <param name="Path">Absolute path of the program.</param>
/// <param name="Arguments">argv[0] first.</param>
public sealed record QuietStart(string Path, IReadOnlyList<string> Arguments)
{
    /// <summary>All variables; null for the driver's own.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Null is the driver's own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Descriptors of the standard streams; -1 is /dev/null.</summary>
    public int Input { get; init; } = -1;

    public int Output { get; init; } = -1;

    public int Error { get; init; } = -1;
}
