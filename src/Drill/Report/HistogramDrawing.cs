using ShimStack.Drill.Record;

namespace ShimStack.Drill.Report;

/// <summary>
/// How long calls took: a bar for each doubling. Heights are roots, so that one slow call among ten thousand quick ones is seen.
/// </summary>
internal static class HistogramDrawing
{
    private const double Bar = 44;
    private const double Step = 56;
    private const double Height = 120;
    private const double Foot = 18;
    private const double Head = 16;

    public static void Draw(Markup svg, Latencies latencies)
    {
        double width = Step * latencies.Buckets.Count;
        svg.Open("svg", "class", "histogram", "viewBox", $"0 0 {Markup.Number(width)} {Markup.Number(Height + Foot + Head)}", "role",
            "img", "xmlns", "http://www.w3.org/2000/svg");
        svg.Element("title", $"How long {latencies.Total} calls of the API took");
        double most = Math.Sqrt(Math.Max(1, latencies.Buckets.Max()));
        for (int i = 0; i < latencies.Buckets.Count; i++)
        {
            long count = latencies.Buckets[i];
            double height = Height * Math.Sqrt(count) / most;
            string limit = i == latencies.Buckets.Count - 1 ? "more" : $"<{Markup.Number(Latencies.LimitOf(i).TotalMilliseconds)}";
            string middle = Markup.Number((i * Step) + (Step / 2));
            svg.Empty("rect", "class", "bar", "x", Markup.Number((i * Step) + 6), "y", Markup.Number(Head + Height - height), "width",
                Markup.Number(Bar), "height", Markup.Number(height));
            svg.Element("text", count == 0 ? "" : Markup.Number(count), "class", "tick", "x", middle, "y",
                Markup.Number(Head + Height - height - 3), "text-anchor", "middle");
            svg.Element("text", limit, "class", "tick", "x", middle, "y", Markup.Number(Head + Height + 13), "text-anchor", "middle");
        }

        svg.Close();
    }
}
