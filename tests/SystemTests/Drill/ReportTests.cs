using System.Text.Json;
using System.Text.RegularExpressions;
using ShimStack.SystemTests.Daemons;

namespace ShimStack.SystemTests.Drill;

/// <summary>The page of a drill in which something did not hold, as a browser draws it.</summary>
public sealed partial class ReportTests
{
    // The reference answers Pids with nothing once its container has ended: a containerd from 1.7 on takes that for a leak.
    [Fact]
    public async Task AnExitThatTheReferenceShimLosesIsCaughtAndDrawn()
    {
        string file = Path.GetTempFileName();
        try
        {
            JsonElement drill = await DrillCommand.RunAsync(DaemonLine.Newest, DrillCommand.ReferenceShim, expected: 1, "away", "--away", "10ms",
                "--html", file);
            string[] caught = [.. drill.GetProperty("scenarios")[0].GetProperty("violations").EnumerateArray()
                .Select(violation => $"{violation.GetProperty("subject").GetString()} {violation.GetProperty("invariant").GetString()}")];
            Assert.Contains("ends-1-0 waits", caught);
            Assert.Contains("killed-1-1 waits", caught);
            await IsDrawnAsync(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task IsDrawnAsync(string page)
    {
        Browser.Require();
        using Browser browser = new();
        IReadOnlyList<Shape> shapes = await browser.DrawnAsync(page);
        Assert.Equal([], Complaints(shapes));
        string drawings = Articles().Replace(page, "");
        byte[] whole = await browser.PictureAsync(drawings);
        byte[] empty = await browser.PictureAsync(Emptied(drawings));
        Assert.True(whole.Length > empty.Length * 6 / 5, $"the picture of the page has {whole.Length} bytes, without drawings {empty.Length}");

        // What is looked for can be missing.
        string[] complaints = [.. Complaints(await browser.DrawnAsync(Emptied(page)))];
        Assert.Contains("no time line of w1", complaints);
        Assert.Contains("no bar of the daemon", complaints);
        Assert.Contains("no bar of the API", complaints);
        Assert.Contains("no bars of the histogram", complaints);
        string[] unstyled = [.. Complaints(await browser.DrawnAsync(Style().Replace(page, "")))];
        Assert.Contains("no bar of the API", unstyled);
        string[] flat = [.. Complaints(await browser.DrawnAsync(page.Replace("<svg ", "<svg style=\"display: none\" ", StringComparison.Ordinal)))];
        Assert.Contains("no time line of w1", flat);
    }

    private static IEnumerable<string> Complaints(IReadOnlyList<Shape> shapes)
    {
        Shape[] line = [.. shapes.Where(static shape => shape.Picture == "timeline")];
        foreach (string name in (string[])["w1", "w2", "w3", "ends-1-0", "killed-1-1"])
        {
            Shape? label = line.FirstOrDefault(shape => shape is { Kind: "text", IsDrawn: true } && shape.Text == name);
            if (label is null || !line.Any(shape => shape is { What: "beat", IsColoured: true, Width: > 1 } && IsBeside(shape, label)))
            {
                yield return $"no time line of {name}";
            }
            else if (!line.Any(shape => shape is { What: "exit", IsDrawn: true } && IsBeside(shape, label)))
            {
                yield return $"no exit of {name}";
            }
        }

        (string What, string Name)[] bars =
            [("daemon up", "daemon"), ("daemon down", "dead daemon"), ("api up", "API"), ("api away", "API's absence")];
        foreach ((string what, string name) in bars)
        {
            if (!line.Any(shape => shape.What == what && shape.IsColoured))
            {
                yield return $"no bar of the {name}";
            }
        }

        if (shapes.Count(static shape => shape is { Picture: "histogram", What: "bar", IsColoured: true }) < 2)
        {
            yield return "no bars of the histogram";
        }

        if (!line.Any(static shape => shape is { Kind: "circle", What: "violation", IsColoured: true }))
        {
            yield return "no mark of a violation";
        }

        if (!shapes.Any(static shape => shape is { Kind: "pre", Shows: true, Height: > 20 } && shape.Text.Contains("killed-1-1", StringComparison.Ordinal)
            && shape.Text.Contains("daemon's log", StringComparison.Ordinal)))
        {
            yield return "no excerpt";
        }
    }

    // In the same lane.
    private static bool IsBeside(Shape shape, Shape label) =>
        Math.Abs(shape.Y + (shape.Height / 2) - (label.Y + (label.Height / 2))) < 8 && shape.X >= label.X;

    private static string Emptied(string page) => Shapes().Replace(page, "");

    [GeneratedRegex("<(rect|circle|text|line)[ >].*?(/>|</\\1>)", RegexOptions.Singleline)]
    private static partial Regex Shapes();

    [GeneratedRegex("<article .*?</article>", RegexOptions.Singleline)]
    private static partial Regex Articles();

    [GeneratedRegex("<style>.*?</style>", RegexOptions.Singleline)]
    private static partial Regex Style();
}
