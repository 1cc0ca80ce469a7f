using ShimStack.Shim.Loop;

namespace ShimStack.Shim.Stdio;

/// <summary>
/// Looks again and again, ever more rarely, whether a FIFO has been read empty: no event tells a writer of that unless the FIFO
/// was full, see pipe(7). It runs only between the end of a stream and its last read, a few milliseconds as a rule.
/// </summary>
internal sealed class FifoDrain(LoopTimers timers, Action check) : IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(256);
    private TimeSpan _pause = TimeSpan.FromMilliseconds(1);
    private ITimer? _timer;

    /// <summary>Calls the check once, after a pause that doubles each time.</summary>
    public void CheckLater()
    {
        _timer ??= timers.CreateTimer(static self => ((Action)self!)(), check, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(_pause, Timeout.InfiniteTimeSpan);
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
    }

    public void Dispose() => _timer?.Dispose();
}
