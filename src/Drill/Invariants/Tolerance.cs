namespace ShimStack.Drill.Invariants;

/// <summary>How much of what is measured is the machine's and not the daemon's. docs/drills.md names these numbers.</summary>
internal static class Tolerance
{
    /// <summary>How long is waited for what must come: exits are announced again 2 and 10 s after an outage.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>How coarse the clocks are that are compared.</summary>
    public static readonly TimeSpan Clock = TimeSpan.FromMilliseconds(10);

    /// <summary>How long after the end of a process its time may be taken.</summary>
    public static readonly TimeSpan ExitTime = TimeSpan.FromSeconds(1);

    /// <summary>How long a worker may stand still that nobody has paused.</summary>
    public static readonly TimeSpan Blocked = TimeSpan.FromSeconds(2);

    /// <summary>How long a daemon may take from its start, or from being thawed, to its first answer.</summary>
    public static readonly TimeSpan Away = TimeSpan.FromSeconds(15);
}
