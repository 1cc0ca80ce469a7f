using System.Globalization;
using ShimStack.Bench.Measuring;

namespace ShimStack.Bench.Reporting;

/// <summary>Median and 95th percentile, as texts; "-" for what was not measured.</summary>
internal sealed record ReportCell(string Median, string Tail);

/// <summary>A target and how it was met.</summary>
internal sealed record ReportTarget(string Text, Verdict Verdict)
{
    internal string Outcome => Verdict switch
    {
        Verdict.Met => "met",
        Verdict.Missed => "missed",
        _ => "not measured",
    };
}

/// <summary>A line of the table: a metric with the cell of each shim, our ratio to each of the others, and the targets.</summary>
internal sealed record ReportRow(string Name, IReadOnlyList<ReportCell> Cells, IReadOnlyList<string> Ratios, IReadOnlyList<ReportTarget> Targets)
{
    private const string Nothing = "-";
    private const double TailShare = 0.95;

    /// <summary>Every metric that was measured of a shim, in the order of the reports.</summary>
    internal static IReadOnlyList<ReportRow> All(IReadOnlyList<Samples> contenders) =>
        [.. Metric.OfShims.Where(metric => contenders.Any(c => c.Of(metric).Count > 0)).Select(metric => Of(metric, contenders))];

    /// <summary>What was measured without a shim.</summary>
    internal static IReadOnlyList<ReportRow> Alone(Samples alone) =>
        [.. alone.Metrics.Select(metric => new ReportRow(Title(metric), [Cell(metric, alone)], [], []))];

    private static ReportRow Of(Metric metric, IReadOnlyList<Samples> contenders) => new(
        Title(metric),
        [.. contenders.Select(contender => Cell(metric, contender))],
        [.. contenders.Skip(1).Select(other => Text(Target.Ratio(contenders[0].Median(metric), other.Median(metric)), 2))],
        [.. Measuring.Targets.Of(metric).Select(target => new ReportTarget(target.Text(contenders), target.Judge(contenders)))]);

    private static string Title(Metric metric) => metric.Unit.Length > 0 ? $"{metric.Name}, {metric.Unit}" : metric.Name;

    private static ReportCell Cell(Metric metric, Samples samples)
    {
        IReadOnlyList<double> values = samples.Of(metric);
        return new ReportCell(
            Text(samples.Median(metric), metric.Decimals),
            Text(values.Count > 1 ? Statistics.Percentile(values, TailShare) : null, metric.Decimals));
    }

    private static string Text(double? value, int decimals) => value?.ToString($"F{decimals}", CultureInfo.InvariantCulture) ?? Nothing;
}
