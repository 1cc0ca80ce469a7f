namespace ShimStack.Shim.Loop;

/// <summary>Work that goes on later, after what waits already; queued as often as you like, it is done once.</summary>
internal sealed class LoopTurn(EventLoop loop, Action work)
{
    private bool _isQueued;

    /// <summary>Does it in the loop's next round.</summary>
    public void Queue()
    {
        if (!_isQueued)
        {
            _isQueued = true;
            loop.Yield(this);
        }
    }

    /// <summary>Its turn has come.</summary>
    internal void Take()
    {
        _isQueued = false;
        work();
    }
}
