namespace ShimStack.Drill.Record;

/// <summary>
/// What a kind of target can be held to at all: where its own design promises less than containerd's API does, less is asked.
/// </summary>
public sealed record Promises
{
    /// <summary>What containerd's API gives.</summary>
    public static Promises All { get; } = new();

    /// <summary>A Wait may be asked before the start; otherwise it is asked right after.</summary>
    public bool WaitsBeforeStart { get; init; } = true;

    /// <summary>An exec is remembered by a daemon that was not there when it began. dockerd keeps execs in memory.</summary>
    public bool KeepsExecs { get; init; } = true;

    /// <summary>An exit that happens while the daemon is away is announced later. dockerd tells of those by inspect alone.</summary>
    public bool AnnouncesLater { get; init; } = true;

    /// <summary>
    /// The drill reads output as it comes out of the shim. dockerd reads it itself, and what it has in hand when it is killed is lost with it.
    /// </summary>
    public bool HandsOutput { get; init; } = true;

    /// <summary>A container outlives its shim: the daemon, if it is there, puts another process in the dead one's place.</summary>
    public bool OutlivesShims { get; init; }

    /// <summary>Exits come with the kernel's time. dockerd has one by inspect, and none in events.</summary>
    public bool TellsTimes { get; init; } = true;
}
