using System.Diagnostics;

namespace ShimStack.Shim.Loop;

/// <summary>One timer of <see cref="LoopTimers"/>. It is armed while <see cref="Due"/> equals its entry in the queue.</summary>
internal sealed class LoopTimer(LoopTimers owner, TimerCallback callback, object? state) : ITimer
{
    private const long Never = long.MaxValue;
    private TimeSpan _period = Timeout.InfiniteTimeSpan;

    /// <summary>The time stamp at which it fires.</summary>
    public long Due { get; private set; } = Never;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _period = period;
        Arm(dueTime, owner.GetTimestamp());
        return true;
    }

    public void Fire(long now)
    {
        Due = Never;
        if (_period > TimeSpan.Zero)
        {
            Arm(_period, now);
        }

        callback(state);
    }

    public void Dispose() => Disarm();

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Disarm()
    {
        if (Due != Never)
        {
            Due = Never;
            owner.Cancelled();
        }
    }

    private void Arm(TimeSpan delay, long now)
    {
        Disarm();
        if (delay < TimeSpan.Zero)
        {
            return;
        }

        Due = now + (long)(delay.TotalSeconds * Stopwatch.Frequency);
        owner.Schedule(this, Due);
    }
}
