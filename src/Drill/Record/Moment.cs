namespace ShimStack.Drill.Record;

/// <summary>
/// A point in time by both clocks: what is measured is measured by the first, what daemons report is compared with the second.
/// </summary>
/// <param name="Nanoseconds">CLOCK_MONOTONIC, the one that workers write into their lines.</param>
/// <param name="Wall">The clock of exit times.</param>
public readonly record struct Moment(long Nanoseconds, DateTimeOffset Wall)
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>By the clocks of <paramref name="time"/>; .NET's timestamps are CLOCK_MONOTONIC on Linux.</summary>
    public static Moment Now(TimeProvider time)
    {
        (long seconds, long rest) = Math.DivRem(time.GetTimestamp(), time.TimestampFrequency);
        return new((seconds * NanosecondsPerSecond) + (rest * NanosecondsPerSecond / time.TimestampFrequency), time.GetUtcNow());
    }

    /// <summary>How long after <paramref name="earlier"/>.</summary>
    public TimeSpan Since(Moment earlier) => TimeSpan.FromTicks((Nanoseconds - earlier.Nanoseconds) / TimeSpan.NanosecondsPerTick);
}
