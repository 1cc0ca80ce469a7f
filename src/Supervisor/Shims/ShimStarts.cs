namespace ShimStack.Supervisor.Shims;

/// <summary>How often shims were started, and how long that took.</summary>
internal sealed class ShimStarts
{
    private long _count;
    private long _ticks;

    /// <summary>Start actions that have ended, well or not.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>How long they took together.</summary>
    public TimeSpan Time => new(Volatile.Read(ref _ticks));

    /// <summary>One more.</summary>
    public void Add(TimeSpan took)
    {
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _ticks, took.Ticks);
    }
}
