namespace ShimStack.Supervisor.Hosting;

/// <summary>Says to calls without an end of their own (Wait, Subscribe) that the daemon ends; their clients call again when it is back.</summary>
internal sealed class DaemonEnd : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    /// <summary>Cancelled when the daemon ends.</summary>
    public CancellationToken Begun => _source.Token;

    /// <summary>Cancels <see cref="Begun"/>.</summary>
    public void Begin() => _source.Cancel();

    public void Dispose() => _source.Dispose();
}
