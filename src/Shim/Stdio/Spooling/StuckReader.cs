using ShimStack.Shim.Loop;

namespace ShimStack.Shim.Stdio.Spooling;

/// <summary>
/// Notices a reader that takes nothing. It costs a timer only while a FIFO is full, and one per period: a busy stream that is full again and
/// again is looked at once a second, not each time.
/// </summary>
internal sealed class StuckReader(LoopTimers timers, Func<TimeSpan> limit, Action stuck) : IDisposable
{
    private ITimer? _timer;
    private bool _isArmed;
    private bool _isFull;
    private bool _hasTaken;

    /// <summary>Bytes went to the reader.</summary>
    public void Took(int count)
    {
        if (count > 0)
        {
            _hasTaken = true;
            _isFull = false;
        }
    }

    /// <summary>The FIFO is full.</summary>
    public void Watch()
    {
        _isFull = true;
        if (!_isArmed)
        {
            Arm();
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Arm()
    {
        _isArmed = true;
        _hasTaken = false;
        _timer ??= timers.CreateTimer(static self => ((StuckReader)self!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(limit(), Timeout.InfiniteTimeSpan);
    }

    private void Look()
    {
        _isArmed = false;
        if (!_isFull)
        {
            return;
        }

        if (_hasTaken)
        {
            Arm();
        }
        else
        {
            stuck();
        }
    }
}
