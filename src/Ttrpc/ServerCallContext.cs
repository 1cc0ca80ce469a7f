namespace ShimStack.Ttrpc;

/// <summary>What a handler may know about the call that it serves.</summary>
public sealed class ServerCallContext
{
    internal ServerCallContext(
        ServerMethod method, uint streamId, IReadOnlyList<KeyValuePair<string, string>> metadata, DateTimeOffset? deadline)
    {
        Service = method.Service;
        Method = method.Name;
        StreamId = streamId;
        Metadata = metadata;
        Deadline = deadline;
    }

    /// <summary>Full name of the service.</summary>
    public string Service { get; }

    /// <summary>Bare name of the method.</summary>
    public string Method { get; }

    /// <summary>The stream of the call; odd, and higher than that of each earlier call of the connection.</summary>
    public uint StreamId { get; }

    /// <summary>What the caller sent along, in its order: keys are lower-case and may repeat.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; }

    /// <summary>When the caller gives up; null for never.</summary>
    public DateTimeOffset? Deadline { get; }

    /// <summary>It was put down by another build and is served from its raw request again.</summary>
    public bool IsResumed { get; internal init; }

    /// <summary>
    /// Fires when the connection is gone or put down, or the deadline has passed: whatever the handler still returns is dropped.
    /// </summary>
    public CancellationToken Cancellation => Source.Token;

    internal CancellationTokenSource Source { get; } = new();
}
