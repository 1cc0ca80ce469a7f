namespace ShimStack.Ttrpc;

/// <summary>Calls back once a moment has passed. Moments beyond what a timer can count are reached in steps.</summary>
internal sealed class DeadlineTimer : IDisposable
{
    private static readonly TimeSpan LongestStep = TimeSpan.FromDays(24);

    private readonly TimeProvider _time;
    private readonly DateTimeOffset _deadline;
    private readonly Action _passed;
    private readonly ITimer _timer;

    public DeadlineTimer(TimeProvider time, DateTimeOffset deadline, Action passed)
    {
        _time = time;
        _deadline = deadline;
        _passed = passed;
        _timer = time.CreateTimer(static state => ((DeadlineTimer)state!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm();
    }

    public void Dispose() => _timer.Dispose();

    private void Ring()
    {
        if (_time.GetUtcNow() >= _deadline)
        {
            _passed();
            return;
        }
        Arm();
    }

    private void Arm()
    {
        TimeSpan left = _deadline - _time.GetUtcNow();
        // Timers count whole milliseconds: round up, so that it does not ring early and spin.
        TimeSpan step = TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(left.TotalMilliseconds), 0, LongestStep.TotalMilliseconds));
        _timer.Change(step, Timeout.InfiniteTimeSpan);
    }
}
