namespace ShimStack.Ttrpc;

/// <summary>What goes with one call.</summary>
public readonly record struct TtrpcCallOptions
{
    /// <summary>How long the call may take: told to the server, and enforced here too. Null for ever.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Travels beside the payload. Keys are lower-cased and may repeat.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Metadata { get; init; }
}
