using System.Globalization;
using System.Xml.Linq;
using ShimStack.Bench.Measuring;

namespace ShimStack.Bench.Reporting;

/// <summary>A chart of our ratios to the references: a bar for each metric and reference, a line at 1, and a mark where a target is.</summary>
internal static class RatioChart
{
    private const double NameWidth = 330;
    private const double BarHeight = 9;
    private const double Gap = 7;
    private const double Unit = 260; // a ratio of 1
    private const double MaxRatio = 1.5;
    private const double Top = 44;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly string[] Colours = ["#3b7dd8", "#8fb8ea", "#c5c9d0"];

    /// <param name="contenders">The shims, ours first.</param>
    internal static string Write(IReadOnlyList<Samples> contenders)
    {
        Samples[] others = [.. contenders.Skip(1)];
        Metric[] metrics = [.. Metric.OfShims.Where(metric => others.Any(other => Ratio(metric, contenders[0], other) is not null))];
        double rowHeight = (BarHeight * others.Length) + Gap;
        double height = Top + (metrics.Length * rowHeight) + Gap;
        double width = NameWidth + (Unit * MaxRatio) + 60;
        var chart = new XElement(
            Svg + "svg",
            new XAttribute("viewBox", $"0 0 {Number(width)} {Number(height)}"),
            new XAttribute("width", Number(width)),
            new XAttribute("height", Number(height)),
            new XAttribute("font-family", "sans-serif"),
            new XAttribute("font-size", "11"),
            Rectangle(0, 0, width, height, "#ffffff"),
            Text(NameWidth, 16, "our median divided by the reference's; shorter is better, but for stdout in MiB/s", "start"),
            others.Select((other, i) => Legend(i, other.Contender)),
            metrics.Select((metric, i) => Row(metric, contenders, others, Top + (i * rowHeight))),
            Line(NameWidth + Unit, Top - 4, height, "#222222"));
        return new XDocument(chart).ToString() + "\n";
    }

    private static IEnumerable<XElement> Row(Metric metric, IReadOnlyList<Samples> contenders, Samples[] others, double top)
    {
        yield return Text(NameWidth - 8, top + (BarHeight * others.Length / 2) + 4, metric.Name, "end");
        for (int i = 0; i < others.Length; i++)
        {
            double y = top + (i * BarHeight);
            if (Ratio(metric, contenders[0], others[i]) is { } ratio)
            {
                double length = Math.Clamp(ratio, 0, MaxRatio) * Unit;
                yield return Rectangle(NameWidth, y, length, BarHeight - 1, Colours[i % Colours.Length]);
                yield return Text(NameWidth + length + 4, y + BarHeight - 1, ratio.ToString("F2", CultureInfo.InvariantCulture), "start", "9");
            }

            foreach (Target target in Targets.Of(metric).Where(target => target.Reference == others[i].Role))
            {
                yield return Rectangle(NameWidth + (target.Limit * Unit) - 1, y - 1, 2, BarHeight + 1, "#c0392b");
            }
        }
    }

    private static IEnumerable<XElement> Legend(int index, string name)
    {
        double x = NameWidth + (index * 120);
        yield return Rectangle(x, 24, 10, 10, Colours[index % Colours.Length]);
        yield return Text(x + 14, 33, $"to {name}", "start");
    }

    private static double? Ratio(Metric metric, Samples ours, Samples other) => Target.Ratio(ours.Median(metric), other.Median(metric));

    private static XElement Rectangle(double x, double y, double width, double height, string colour) => new(
        Svg + "rect",
        new XAttribute("x", Number(x)),
        new XAttribute("y", Number(y)),
        new XAttribute("width", Number(width)),
        new XAttribute("height", Number(height)),
        new XAttribute("fill", colour));

    private static XElement Line(double x, double from, double to, string colour) => new(
        Svg + "line",
        new XAttribute("x1", Number(x)),
        new XAttribute("x2", Number(x)),
        new XAttribute("y1", Number(from)),
        new XAttribute("y2", Number(to)),
        new XAttribute("stroke", colour));

    private static XElement Text(double x, double y, string text, string anchor, string size = "11") => new(
        Svg + "text",
        new XAttribute("x", Number(x)),
        new XAttribute("y", Number(y)),
        new XAttribute("text-anchor", anchor),
        new XAttribute("font-size", size),
        text);

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
