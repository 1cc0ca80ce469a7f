using System.Globalization;
using ShimStack.Drill.Live;
using ShimStack.Drill.Record;

namespace ShimStack.Drill.Report;

/// <summary>
/// A drill as one web page without scripts or anything from elsewhere; it is also XML. Colours are those of the reader's system, light or
/// dark.
/// </summary>
public static class HtmlReport
{
    private static readonly (string Kind, string Text)[] Legend =
    [
        ("daemon up", "daemon up"), ("daemon frozen", "frozen"), ("daemon down", "down"), ("api up", "API answers"),
        ("api away", "API away"), ("beat", "writes"), ("gap", "stood still"),
        ("paused", "paused"), ("event", "exit event"), ("exit", "exit"), ("violation", "violation"),
    ];

    public static string Of(DrillResult drill)
    {
        Markup page = new Markup().Raw("<!DOCTYPE html>\n").Open("html", "lang", "en", "xmlns", "http://www.w3.org/1999/xhtml");
        page.Open("head").Empty("meta", "charset", "utf-8").Empty("meta", "name", "viewport", "content", "width=device-width");
        page.Element("title", $"Drill of {drill.Settings.Target}").Element("style", HtmlStyle.Text).Close();
        page.Open("body").Element("h1", $"Drill of {drill.Settings.Target}");
        page.Element("p", drill.Holds ? "Everything held."
            : $"{drill.Scenarios.Sum(static one => one.Record.Violations.Count)} violations.", "class", drill.Holds ? "good" : "bad");
        page.Element("p", string.Create(
            CultureInfo.InvariantCulture,
            $"{drill.Begun:yyyy-MM-dd HH:mm} UTC, {drill.Settings.Plan.Containers} containers, seed {drill.Settings.Plan.Seed}; ")
            + $"daemon {drill.Settings.Daemon}, shim {drill.Settings.Shim}");
        if (drill.Settings.Live is LiveFacts live)
        {
            page.Element("p", $"The machine's own daemon. Not checked: {string.Join("; ", live.NotChecked)}.");
        }

        Overview(page, drill);
        Key(page);
        foreach (ScenarioResult scenario in drill.Scenarios)
        {
            Scenario(page, scenario);
        }

        return page.Close().Close().ToString();
    }

    private static void Overview(Markup page, DrillResult drill)
    {
        page.Open("table").Open("tr");
        foreach (string head in (string[])["Scenario", "Rounds", "Kills", "Processes", "Longest block", "API away", "Time", "Violations"])
        {
            page.Element("th", head);
        }

        page.Close();
        foreach (ScenarioResult one in drill.Scenarios)
        {
            page.Open("tr").Open("td").Element("a", one.Name, "href", $"#{one.Name}").Close();
            foreach (string cell in (string[])[
                Markup.Number(one.Rounds), Markup.Number(one.Restarts), Markup.Number(one.Record.Subjects.Count), Time(one.LongestBlock),
                Time(one.LongestOutage),
                $"{Markup.Number(one.Elapsed.TotalSeconds)} s"])
            {
                page.Element("td", cell);
            }

            string verdict = one.Failure is null ? Markup.Number(one.Record.Violations.Count) : "not finished";
            page.Element("td", verdict, "class", one.Holds ? "good" : "bad").Close();
        }

        page.Close();
    }

    private static void Key(Markup page)
    {
        page.Open("p", "class", "legend");
        foreach ((string kind, string text) in Legend)
        {
            page.Open("svg", "viewBox", "0 0 14 10", "xmlns", "http://www.w3.org/2000/svg", "class", "swatch");
            page.Empty("rect", "class", kind, "width", "14", "height", "10").Close();
            page.Text(text + " ");
        }

        page.Close();
    }

    private static void Scenario(Markup page, ScenarioResult scenario)
    {
        page.Open("section", "id", scenario.Name).Element("h2", scenario.Name);
        if (scenario.Failure is string failure)
        {
            page.Element("p", $"Not done to its end: {failure}", "class", "bad");
        }

        foreach (Violation violation in scenario.Record.Violations)
        {
            page.Open("article", "class", "violated").Element("h3", $"{violation.Invariant}: {violation.Subject}, step {violation.Step}");
            page.Open("dl").Element("dt", "expected").Element("dd", violation.Expected).Element("dt", "seen").Element("dd", violation.Seen)
                .Close();
            page.Element("pre", string.Join('\n', violation.Excerpt)).Close();
        }

        TimelineDrawing.Draw(page, scenario.Record);
        page.Element("h3", "Latency of the API, in ms");
        HistogramDrawing.Draw(page, scenario.Record.Calls);
        page.Open("details").Element("summary", $"{scenario.Record.Steps.Count} steps").Open("ol");
        foreach (StepMark step in scenario.Record.Steps)
        {
            page.Element("li", step.Text);
        }

        page.Close().Close().Close();
    }

    private static string Time(TimeSpan time) => $"{Markup.Number(Math.Round(time.TotalMilliseconds))} ms";
}
