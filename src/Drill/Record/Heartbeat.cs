namespace ShimStack.Drill.Record;

/// <summary>
/// When a worker wrote. Only the gaps that are longer than <see cref="Notable"/> are kept one by one, so a drill of hours stays small: all
/// else was steady.
/// </summary>
public sealed class Heartbeat
{
    /// <summary>Shorter ones are the machine's, not worth a line.</summary>
    public static readonly TimeSpan Notable = TimeSpan.FromMilliseconds(50);

    private readonly List<Gap> _gaps = [];

    /// <summary>The first and the last beat; 0 before there was one.</summary>
    public long First { get; private set; }

    public long Last { get; private set; }

    public IReadOnlyList<Gap> Gaps => _gaps;

    public void Add(long nanoseconds)
    {
        if (First == 0)
        {
            First = nanoseconds;
        }
        else if (TimeSpan.FromTicks((nanoseconds - Last) / TimeSpan.NanosecondsPerTick) >= Notable)
        {
            _gaps.Add(new Gap(Last, nanoseconds));
        }

        Last = Math.Max(Last, nanoseconds);
    }
}

/// <summary>A time without a beat, in nanoseconds of <see cref="Moment"/>.</summary>
public readonly record struct Gap(long From, long To)
{
    public TimeSpan Length => TimeSpan.FromTicks((To - From) / TimeSpan.NanosecondsPerTick);

    public bool Meets(long from, long to) => From < to && from < To;
}
