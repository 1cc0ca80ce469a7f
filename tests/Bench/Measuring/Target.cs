using System.Globalization;

namespace ShimStack.Bench.Measuring;

/// <summary>How a target was met.</summary>
internal enum Verdict
{
    NotMeasured,
    Met,
    Missed,
}

/// <summary>What our median of a metric must not be above (or below): a number, or a share of a reference's median in the same run.</summary>
/// <param name="Metric">What is judged.</param>
/// <param name="Limit">In the metric's unit, or as a ratio.</param>
/// <param name="Reference">Whose median it is a share of; null for a plain number.</param>
/// <param name="AtLeast">True: more is better.</param>
internal sealed record Target(Metric Metric, double Limit, Role? Reference = null, bool AtLeast = false)
{
    /// <summary>As the tables show it.</summary>
    internal string Text(IReadOnlyList<Samples> contenders)
    {
        string limit = Limit.ToString("0.##", CultureInfo.InvariantCulture);
        string sign = AtLeast ? "≥" : "≤";
        return Reference is { } role
            ? $"{sign} {limit} × {contenders.FirstOrDefault(c => c.Role == role)?.Contender ?? role.ToString()}"
            : $"{sign} {limit} {Metric.Unit}".TrimEnd();
    }

    /// <summary>What is held against the limit; null if it was not measured.</summary>
    internal double? Value(IReadOnlyList<Samples> contenders)
    {
        double? ours = Median(contenders, Role.Ours);
        return Reference is { } role ? Ratio(ours, Median(contenders, role)) : ours;
    }

    /// <summary>No tolerance: a limit is met when it is not crossed.</summary>
    internal Verdict Judge(IReadOnlyList<Samples> contenders) => Value(contenders) switch
    {
        null => Verdict.NotMeasured,
        { } value when AtLeast && value >= Limit => Verdict.Met,
        { } value when !AtLeast && value <= Limit => Verdict.Met,
        _ => Verdict.Missed,
    };

    /// <summary>The one divided by the other; null where there is nothing to divide by.</summary>
    internal static double? Ratio(double? ours, double? reference) => ours is { } a && reference is { } b && b > 0 ? a / b : null;

    private double? Median(IReadOnlyList<Samples> contenders, Role role) => contenders.FirstOrDefault(c => c.Role == role)?.Median(Metric);
}
