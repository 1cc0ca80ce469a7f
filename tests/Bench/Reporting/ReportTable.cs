using System.Globalization;
using System.Text;
using ShimStack.Bench.Measuring;

namespace ShimStack.Bench.Reporting;

/// <summary>The table for humans: median and 95th percentile of each contender, and the ratio of the medians, ours to the reference.</summary>
internal static class ReportTable
{
    private const int NameWidth = 30;
    private const int NumberWidth = 11;

    private static readonly (Metric Step, Metric Alone)[] Steps =
    [
        (Metric.Create, Metric.RuntimeCreate),
        (Metric.Start, Metric.RuntimeStart),
        (Metric.ExecStart, Metric.RuntimeExec),
        (Metric.Delete, Metric.RuntimeDelete),
    ];

    /// <param name="contenders">The shims; the last one is what the others are divided by.</param>
    /// <param name="runtime">The runtime alone.</param>
    internal static string Write(IReadOnlyList<Samples> contenders, Samples runtime)
    {
        var text = new StringBuilder();
        Header(text, contenders);
        foreach (Metric metric in contenders.SelectMany(c => c.Metrics).Distinct())
        {
            Row(text, metric, contenders, withRatio: contenders.Count > 1);
        }

        text.AppendLine().AppendLine("what the shim adds to the runtime: median less median of the runtime alone");
        foreach ((Metric step, Metric alone) in Steps)
        {
            Overhead(text, step, contenders, runtime.Of(alone));
        }

        text.AppendLine().AppendLine("runtime alone, same run");
        foreach (Metric metric in runtime.Metrics)
        {
            Row(text, metric, [runtime], withRatio: false);
        }

        return text.ToString();
    }

    private static void Header(StringBuilder text, IReadOnlyList<Samples> contenders)
    {
        text.Append("".PadRight(NameWidth));
        foreach (Samples contender in contenders)
        {
            text.Append(contender.Contender.PadLeft(2 * NumberWidth));
        }

        text.AppendLine().Append("".PadRight(NameWidth));
        foreach (Samples _ in contenders)
        {
            text.Append("median".PadLeft(NumberWidth)).Append("p95".PadLeft(NumberWidth));
        }

        text.AppendLine(contenders.Count > 1 ? "ratio".PadLeft(NumberWidth) : "");
    }

    private static void Row(StringBuilder text, Metric metric, IReadOnlyList<Samples> contenders, bool withRatio)
    {
        text.Append((metric.Unit.Length > 0 ? $"{metric.Name}, {metric.Unit}" : metric.Name).PadRight(NameWidth));
        foreach (Samples contender in contenders)
        {
            IReadOnlyList<double> values = contender.Of(metric);
            text.Append(Cell(values.Count > 0 ? Statistics.Median(values) : null, metric.Decimals));
            text.Append(Cell(values.Count > 1 ? Statistics.Percentile(values, 0.95) : null, metric.Decimals));
        }

        text.AppendLine(withRatio ? Cell(Ratio(metric, contenders[0], contenders[^1]), 2) : "");
    }

    private static void Overhead(StringBuilder text, Metric step, IReadOnlyList<Samples> contenders, IReadOnlyList<double> alone)
    {
        text.Append($"{step.Name}, {step.Unit}".PadRight(NameWidth));
        foreach (IReadOnlyList<double> values in contenders.Select(contender => contender.Of(step)))
        {
            double? added = values.Count > 0 && alone.Count > 0 ? Statistics.Median(values) - Statistics.Median(alone) : null;
            text.Append(Cell(added, step.Decimals)).Append("".PadLeft(NumberWidth));
        }

        text.AppendLine();
    }

    private static double? Ratio(Metric metric, Samples ours, Samples reference) =>
        ours.Of(metric) is { Count: > 0 } a && reference.Of(metric) is { Count: > 0 } b ? Statistics.Median(a) / Statistics.Median(b) : null;

    private static string Cell(double? value, int decimals) =>
        (value?.ToString($"F{decimals}", CultureInfo.InvariantCulture) ?? "-").PadLeft(NumberWidth);
}
