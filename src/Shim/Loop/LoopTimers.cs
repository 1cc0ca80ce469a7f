using System.Diagnostics;

namespace ShimStack.Shim.Loop;

/// <summary>
/// Time as the loop sees it: timers live in one queue, and the nearest one bounds the epoll wait. A cancelled timer leaves its entry behind;
/// when most entries are such, the queue is made anew from the others.
/// </summary>
internal sealed class LoopTimers(EventLoop loop) : TimeProvider
{
    private const int MinSweep = 32;
    private readonly PriorityQueue<LoopTimer, long> _queue = new();
    private int _cancelled;

    /// <summary>How many entries the queue has, those of cancelled timers included.</summary>
    public int Count => _queue.Count;

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
            _cancelled--;
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
            else
            {
                _cancelled--;
            }
        }
    }

    /// <summary>An armed timer was disarmed or set to another time: its entry is of no use any more.</summary>
    internal void Cancelled()
    {
        if (++_cancelled >= MinSweep && _cancelled * 2 > _queue.Count)
        {
            List<(LoopTimer Timer, long Due)> live = [];
            foreach ((LoopTimer timer, long due) in _queue.UnorderedItems)
            {
                if (timer.Due == due)
                {
                    live.Add((timer, due));
                }
            }

            _queue.Clear();
            _queue.EnqueueRange(live);
            _cancelled = 0;
        }
    }

    internal void Schedule(LoopTimer timer, long due)
    {
        Debug.Assert(loop.IsCurrent, "timers belong to the loop's thread");
        _queue.Enqueue(timer, due);
    }
}
