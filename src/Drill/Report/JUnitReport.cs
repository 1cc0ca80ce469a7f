using System.Globalization;
using ShimStack.Drill.Invariants;
using ShimStack.Drill.Record;

namespace ShimStack.Drill.Report;

/// <summary>A drill as JUnit XML: a suite for each scenario, a case for each invariant, and one for that it was done to its end.</summary>
public static class JUnitReport
{
    private const string Finished = "finished";

    public static string Of(DrillResult drill)
    {
        Markup xml = new Markup().Raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.Open("testsuites", "name", $"shimctl drill {drill.Settings.Target}");
        foreach (ScenarioResult scenario in drill.Scenarios)
        {
            Suite(xml, scenario);
        }

        return xml.Close().ToString();
    }

    private static void Suite(Markup xml, ScenarioResult scenario)
    {
        ILookup<string, Violation> violations = scenario.Record.Violations.ToLookup(static violation => violation.Invariant);
        int failures = violations.Count + (scenario.Failure is null ? 0 : 1);
        string time = Markup.Number(scenario.Elapsed.TotalSeconds);
        xml.Open("testsuite", "name", scenario.Name, "tests", Number(InvariantList.All.Count + 1), "failures", Number(failures), "time",
            time);
        foreach (IInvariant invariant in InvariantList.All)
        {
            Violation[] found = [.. violations[invariant.Name]];
            xml.Open("testcase", "classname", $"drill.{scenario.Name}", "name", invariant.Name);
            if (found.Length > 0)
            {
                string text = string.Join("\n\n", found.Select(static one =>
                    $"step {one.Step}, {one.Subject}\nexpected {one.Expected}\nseen     {one.Seen}\n{string.Join('\n', one.Excerpt)}"));
                xml.Element("failure", text, "message", $"{found[0].Subject}: expected {found[0].Expected}, seen {found[0].Seen}");
            }

            xml.Close();
        }

        xml.Open("testcase", "classname", $"drill.{scenario.Name}", "name", Finished);
        if (scenario.Failure is string failure)
        {
            xml.Element("failure", failure, "message", failure);
        }

        xml.Close().Close();
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
