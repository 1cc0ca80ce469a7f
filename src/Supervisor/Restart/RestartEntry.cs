using System.Diagnostics.CodeAnalysis;

namespace ShimStack.Supervisor.Restart;

/// <summary>One container with a policy: whatever is done about it is done one after the other, and at most one timer runs for it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for, and a timer that is stopped, hold nothing.")]
internal sealed class RestartEntry(string nameSpace, string id)
{
    private readonly SemaphoreSlim _turn = new(1);
    private ITimer? _timer;

    public string Namespace => nameSpace;

    public string Id => id;

    /// <summary>Waits for its turn; it ends with the disposal.</summary>
    /// <exception cref="OperationCanceledException">It has not come.</exception>
    public async Task<Turn> EnterAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        return new Turn(_turn);
    }

    /// <summary>Whether its turn has come within so long; it is not given back.</summary>
    public Task<bool> TryEndAsync(TimeSpan limit)
    {
        Disarm();
        return _turn.WaitAsync(limit);
    }

    /// <summary>Calls once, later, by the clock that no operator sets.</summary>
    public void Arm(Action<RestartEntry> call, TimeSpan later, TimeProvider time)
    {
        Disarm();
        _timer = time.CreateTimer(_ => call(this), null, later > TimeSpan.Zero ? later : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public void Disarm() => Interlocked.Exchange(ref _timer, null)?.Dispose();

    /// <summary>A turn.</summary>
    internal readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
