namespace ShimStack.Drill.Record;

/// <summary>What came of one output stream.</summary>
public sealed class StreamRecord(string name)
{
    /// <summary>"stdout" or "stderr".</summary>
    public string Name => name;

    /// <summary>How many bytes came, all of them right before <see cref="Fault"/>.</summary>
    public long Bytes { get; set; }

    /// <summary>How many whole lines came.</summary>
    public long Lines { get; set; }

    /// <summary>What came that was not written so; null for nothing.</summary>
    public string? Fault { get; set; }

    /// <summary>
    /// Lines that did not come though later ones did, from the time of the last line before them to that of the first after them. Only where the
    /// daemon reads output itself; elsewhere that is a <see cref="Fault"/>.
    /// </summary>
    public List<Hole> Holes { get; } = [];

    /// <summary>All writers have closed; a file has no end.</summary>
    public bool HasEnded { get; set; }

    /// <summary>The times that the lines carry, in nanoseconds of <see cref="Moment"/>.</summary>
    public Heartbeat Beats { get; } = new();
}
