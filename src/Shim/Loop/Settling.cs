namespace ShimStack.Shim.Loop;

/// <summary>
/// Notices that a loop has had nothing to do for a moment, once, so that it may give back what it needs only to work. It costs one wake-up after
/// work, and none while nothing happens. A loop that is woken again soon is left alone for longer and longer: giving back is worth its price
/// only where rest follows.
/// </summary>
/// <param name="settled">Gives back.</param>
/// <param name="time">Tells how long the rest was.</param>
internal sealed class Settling(Action settled, TimeProvider time)
{
    /// <summary>How long nothing must have happened, at first.</summary>
    public const int FirstDelay = 500;

    /// <summary>How long at most, in milliseconds.</summary>
    public const int LongestDelay = 60_000;

    private DateTimeOffset? _since;

    /// <summary>How long nothing must have happened now, in milliseconds.</summary>
    public int DelayMilliseconds { get; private set; } = FirstDelay;

    /// <summary>Whether the loop, which would sleep for <paramref name="timeout"/> milliseconds (-1: for ever), is to look earlier.</summary>
    public bool IsDueWithin(int timeout) => _since is null && (timeout < 0 || timeout > DelayMilliseconds);

    /// <summary>Nothing has happened for the delay.</summary>
    public void Settle()
    {
        _since = time.GetUtcNow();
        settled();
    }

    /// <summary>The loop has slept, and has something to do again.</summary>
    public void Woke()
    {
        if (_since is not DateTimeOffset since)
        {
            return;
        }

        bool rested = time.GetUtcNow() - since >= TimeSpan.FromMilliseconds(DelayMilliseconds) * 4;
        DelayMilliseconds = rested ? FirstDelay : Math.Min(DelayMilliseconds * 2, LongestDelay);
        _since = null;
    }
}
