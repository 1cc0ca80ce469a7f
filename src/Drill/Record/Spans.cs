namespace ShimStack.Drill.Record;

/// <summary>What the daemon's process was for a time.</summary>
public enum DaemonState
{
    Down,
    Up,
    Frozen,
}

/// <summary>From when on the daemon's process was so, by what the drill did to it.</summary>
public readonly record struct DaemonChange(Moment At, DaemonState State);

/// <summary>A time in which the API did not answer, as the probe saw it: from the last call that was answered to the next one.</summary>
public readonly record struct Outage(Moment From, Moment To)
{
    public TimeSpan Length => To.Since(From);
}

/// <summary>A step as it was done.</summary>
public sealed record StepMark(int Number, string Text, Moment From)
{
    public Moment? To { get; set; }
}

/// <summary>Something that should not be there any more.</summary>
/// <param name="Kind">"process", "shim", "mount", "socket", "cgroup", "descriptor", "file".</param>
/// <param name="What">Its name.</param>
public sealed record Leak(string Kind, string What);

/// <summary>Lines of a stream that are missing.</summary>
/// <param name="First">The number of the first.</param>
/// <param name="Count">How many.</param>
/// <param name="Time">Between the line before and the line after them.</param>
public readonly record struct Hole(long First, long Count, Gap Time);
