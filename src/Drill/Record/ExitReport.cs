namespace ShimStack.Drill.Record;

/// <summary>What somebody was told of the end of a process.</summary>
/// <param name="Seen">When it came.</param>
/// <param name="Code">The exit code.</param>
/// <param name="ExitedAt">The time of the end; null if it was not said.</param>
/// <param name="Pid">Of which process an event told; a Wait does not say.</param>
public sealed record ExitReport(Moment Seen, int Code, DateTimeOffset? ExitedAt, int Pid = 0);

/// <summary>How a process noted that it would end, as its last act.</summary>
public sealed record NotedEnd(int Code, DateTimeOffset At);

/// <summary>One Wait of the drill for a process: asked again when the daemon went away, until it is answered or refused.</summary>
public sealed class WaitRecord(string name, Moment asked)
{
    /// <summary>Which one it is: "early" was asked before the start, "late" after the end.</summary>
    public string Name => name;

    public Moment Asked => asked;

    /// <summary>All answers; one is right.</summary>
    public List<ExitReport> Answers { get; } = [];

    /// <summary>Why the daemon will not tell; null if it did not say so.</summary>
    public string? Refusal { get; set; }
}
