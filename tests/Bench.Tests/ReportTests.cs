using System.Xml.Linq;
using ShimStack.Bench.Measuring;
using ShimStack.Bench.Reporting;

namespace ShimStack.Bench.Tests;

public class ReportTests
{
    private static readonly MachineFacts Machine = new("CPU", 2, "6.18", "Debian", "runc", "0 0 0", "2026-01-02 03:04:05Z");

    [Fact]
    public void TheChartIsWellFormedAndHasABarForEachRatio()
    {
        var chart = XDocument.Parse(RatioChart.Write(Contenders()));
        XNamespace svg = "http://www.w3.org/2000/svg";
        Assert.Equal(svg + "svg", chart.Root!.Name);
        Assert.Contains(chart.Descendants(svg + "text"), text => text.Value == "0.25");
        Assert.Contains(chart.Descendants(svg + "text"), text => text.Value == Metric.Rss.Name);
        Assert.DoesNotContain(chart.Descendants(svg + "text"), text => text.Value == Metric.Pss.Name);
    }

    [Fact]
    public void AChartOfNothingIsAChart() => Assert.NotNull(XDocument.Parse(RatioChart.Write([new Samples("ours", Role.Ours)])).Root);

    [Fact]
    public void NoBarIsLongerThanTheChart()
    {
        Samples[] contenders = Contenders();
        contenders[0].Add(Metric.Start, 1e9);
        contenders[1].Add(Metric.Start, 1);
        XElement chart = XDocument.Parse(RatioChart.Write(contenders)).Root!;
        double width = (double)chart.Attribute("width")!;
        IEnumerable<XElement> bars = chart.Elements().Where(e => e.Name.LocalName == "rect");
        Assert.All(bars, bar => Assert.True((double)bar.Attribute("x")! + (double)bar.Attribute("width")! <= width));
    }

    [Fact]
    public void TheTableShowsRatiosAndHowTargetsWereMet()
    {
        string[] table = ReportTable.Write(Contenders(), new Samples("no shim")).Split('\n');
        string line = Assert.Single(table, line => line.StartsWith(Metric.Rss.Name, StringComparison.Ordinal));
        Assert.Contains("0.25", line, StringComparison.Ordinal);
        Assert.EndsWith("≤ 0.4 × 1.6 met; ≤ 0.28 × 2.1 missed", line, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSummaryCountsEveryTargetOnce()
    {
        string summary = ReportTable.Summary(Contenders());
        Assert.Equal($"targets: 1 met, 1 missed, {Targets.All.Count - 2} not measured", summary);
    }

    [Fact]
    public void ThePageHasAsManyCellsInEachLineAsInItsHead()
    {
        Samples alone = new("no shim");
        alone.Add(Metric.BareFifo, 1000);
        string page = PerformancePage.Write(Machine, Contenders(), alone, "chart.svg");
        int[] widths = [.. page.Split('\n').Where(line => line.StartsWith('|')).Select(line => line.Count(c => c == '|'))];
        Assert.Equal([8, 8, 8, 3, 3, 3], widths);
        Assert.Contains("![ratios](chart.svg)", page, StringComparison.Ordinal);
        Assert.Contains("**missed**", page, StringComparison.Ordinal);
    }

    private static Samples[] Contenders()
    {
        Samples[] contenders = [new("ours", Role.Ours), new("1.6", Role.OldReference), new("2.1", Role.NewReference)];
        contenders[0].Add(Metric.Rss, 5);
        contenders[1].Add(Metric.Rss, 20);
        contenders[2].Add(Metric.Rss, 15);
        return contenders;
    }
}
