using System.Diagnostics;

namespace ShimStack.Shim.Loop;

/// <summary>
/// Time as the loop sees it: timers live in one queue, and the nearest one bounds the epoll wait. Cancelled timers stay in the
/// queue until their time, so a long time-out that is not needed any more must be rare or short.
/// </summary>
internal sealed class LoopTimers(EventLoop loop) : TimeProvider
{
    private readonly PriorityQueue<LoopTimer, long> _queue = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        LoopTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Milliseconds until the next timer is due, rounded up; -1 when there is none.</summary>
    public int MillisecondsToNext()
    {
        while (_queue.TryPeek(out LoopTimer? timer, out long due))
        {
            if (timer.Due == due)
            {
                double left = Math.Ceiling(Stopwatch.GetElapsedTime(GetTimestamp(), due).TotalMilliseconds);
                return (int)Math.Clamp(left, 0, int.MaxValue);
            }

            _queue.Dequeue();
        }

        return -1;
    }

    /// <summary>Runs the callbacks of all timers that are due.</summary>
    public void Fire()
    {
        if (_queue.Count == 0)
        {
            return;
        }

        long now = GetTimestamp();
        while (_queue.TryPeek(out LoopTimer? timer, out long due) && due <= now)
        {
            _queue.Dequeue();
            if (timer.Due == due)
            {
                timer.Fire(now);
            }
        }
    }

    internal void Schedule(LoopTimer timer, long due)
    {
        Debug.Assert(loop.IsCurrent, "timers belong to the loop's thread");
        _queue.Enqueue(timer, due);
    }
}
