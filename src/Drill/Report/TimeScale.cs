using ShimStack.Drill.Record;

namespace ShimStack.Drill.Report;

/// <summary>Where a moment of a scenario is in a drawing.</summary>
internal sealed class TimeScale(long from, long to, double left, double width)
{
    public const double Label = 110;
    public const double Width = 1000;

    public static TimeScale Of(DrillRecord record)
    {
        long from = record.Entries.Count == 0 ? 0 : record.Entries[0].At.Nanoseconds;
        long to = record.Entries.Count == 0 ? 1 : record.Entries[^1].At.Nanoseconds;
        return new TimeScale(from, Math.Max(to, from + 1), Label, Width - Label);
    }

    public long From => from;

    public long To => to;

    /// <summary>From the left edge; what is outside is at the edge.</summary>
    public double At(long nanoseconds) => left + (width * (Math.Clamp(nanoseconds, from, to) - from) / (to - from));

    public double At(Moment moment) => At(moment.Nanoseconds);
}
