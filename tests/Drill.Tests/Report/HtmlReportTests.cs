using System.Text.RegularExpressions;
using System.Xml.Linq;
using ShimStack.Drill.Report;

namespace ShimStack.Drill.Tests.Report;

public sealed partial class HtmlReportTests
{
    private static readonly XNamespace Html = "http://www.w3.org/1999/xhtml";
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly XDocument _bad = XDocument.Parse(HtmlReport.Of(Drills.Bad()));

    [Fact]
    public void ItNeedsNothingFromElsewhereAndRunsNothing()
    {
        string page = HtmlReport.Of(Drills.Bad());
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("url(", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", page, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(ExternalResource().Matches(page));
    }

    [Fact]
    public void ItHasLightAndDarkColours()
    {
        string style = _bad.Descendants(Html + "style").Single().Value;
        Assert.Contains("color-scheme: light dark", style, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", style, StringComparison.Ordinal);
    }

    [Fact]
    public void TheDaemonIsDrawnUpAndDown() =>
        Assert.Equal(["daemon up", "daemon down", "daemon up"],
            Timeline("rect").Select(Class).Where(kind => kind.StartsWith("daemon", StringComparison.Ordinal)));

    [Fact]
    public void AnOutageOfTheApiIsDrawnWithItsLength() =>
        Assert.Equal("away for 1200 ms", Timeline("rect").Single(rect => Class(rect) == "api away").Element(Svg + "title")!.Value);

    [Fact]
    public void EachProcessHasALaneWithWhatHappenedToIt()
    {
        Assert.Equal(["daemon", "API", "runs", "ends", "killed", "exec"],
            Timeline("text").Where(text => Class(text) == "label").Select(text => text.Value));
        Assert.Equal(4, Timeline("rect").Count(rect => Class(rect) == "beat"));
        Assert.Single(Timeline("rect"), rect => Class(rect) == "paused");
        Assert.Single(Timeline("rect"), rect => Class(rect) == "gap");
        Assert.Equal(6, Timeline("circle").Count(circle => Class(circle) == "event"));
        Assert.Equal(["ended with 7", "ended with 137", "ended with 7"],
            Timeline("circle").Where(circle => Class(circle) == "exit").Select(circle => circle.Element(Svg + "title")!.Value));
        Assert.Equal(2, Timeline("circle").Count(circle => Class(circle) == "violation"));
    }

    [Fact]
    public void NothingIsDrawnOutsideOfThePicture()
    {
        Assert.All(Timeline("rect"), rect => Assert.InRange(Number(rect, "x") + Number(rect, "width"), 0, 1000.5));
        Assert.All(Timeline("circle"), circle => Assert.InRange(Number(circle, "cx"), 0, 1000));
    }

    [Fact]
    public void LatenciesAreBars()
    {
        XElement histogram = _bad.Descendants(Svg + "svg").Single(svg => Class(svg) == "histogram");
        Assert.Equal(16, histogram.Elements(Svg + "rect").Count());
        XElement bar = Assert.Single(histogram.Elements(Svg + "rect"), rect => Number(rect, "height") > 0);
        Assert.Equal("120", (string?)bar.Attribute("height"));
    }

    [Fact]
    public void ViolationsAreToldWithTheirExcerpt()
    {
        XElement[] told = [.. _bad.Descendants(Html + "article")];
        Assert.Equal(["codes: ends, step 2", "leaks: machine, step 2"], told.Select(one => one.Element(Html + "h3")!.Value));
        Assert.Contains("<script>alert(\"1 & 2\")</script> \ufffd\ufffd ]]>", told[0].Element(Html + "pre")!.Value,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ADrillThatHeldSaysSo()
    {
        XDocument good = XDocument.Parse(HtmlReport.Of(Drills.Good()));
        Assert.Equal("Everything held.", good.Descendants(Html + "p").First().Value);
        Assert.Empty(good.Descendants(Html + "article"));
    }

    private static string Class(XElement element) => (string?)element.Attribute("class") ?? "";

    private static double Number(XElement element, string name) =>
        double.Parse((string)element.Attribute(name)!, System.Globalization.CultureInfo.InvariantCulture);

    private IEnumerable<XElement> Timeline(string name) =>
        _bad.Descendants(Svg + "svg").Single(svg => Class(svg) == "timeline").Elements(Svg + name);

    // Namespaces are names, not places.
    [GeneratedRegex("(src|href)=\"(?!#)|(?<!xmlns=\")https?://")]
    private static partial Regex ExternalResource();
}
