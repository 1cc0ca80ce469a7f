using System.Globalization;
using ShimStack.Ctl.Output;
using ShimStack.Drill;
using ShimStack.Drill.Live;
using ShimStack.Drill.Record;
using Spectre.Console;

namespace ShimStack.Ctl.Drills;

/// <summary>How a drill went, for people.</summary>
internal static class DrillSummary
{
    public static void Show(DrillResult drill)
    {
        Screen.Table(Table(drill.Scenarios));
        foreach (ScenarioResult scenario in drill.Scenarios)
        {
            if (scenario.Failure is not null)
            {
                Screen.Line($"\n{scenario.Name} was not done to its end: {scenario.Failure}");
            }

            foreach (Violation violation in scenario.Record.Violations)
            {
                Screen.Line($"\n{scenario.Name}, step {violation.Step}, {violation.Subject}: {violation.Invariant}");
                Screen.Line($"  expected  {violation.Expected}\n  seen      {violation.Seen}");
                Screen.Write(Screen.Output, string.Concat(violation.Excerpt.Select(static line => $"    {line}\n")));
            }
        }

        if (drill.Settings.Live is LiveFacts live)
        {
            Screen.Line($"not checked against a live daemon: {string.Join("; ", live.NotChecked)}");
        }

        int count = drill.Scenarios.Sum(static scenario => scenario.Record.Violations.Count);
        string verdict = drill.Holds ? "everything held" : count == 0 ? "not done to its end"
            : string.Create(CultureInfo.InvariantCulture, $"{count} violation{(count == 1 ? "" : "s")}");
        Screen.Line(string.Create(CultureInfo.InvariantCulture, $"{verdict}; seed {drill.Settings.Plan.Seed}"));
    }

    public static TextTable Table(IEnumerable<ScenarioResult> scenarios)
    {
        TextTable table = new("SCENARIO", "ROUNDS", "STEPS", "KILLS", "PROCESSES", "OUTPUT", "BLOCKED", "API AWAY", "TIME", "VIOLATIONS");
        foreach (ScenarioResult one in scenarios)
        {
            int bad = one.Record.Violations.Count;
            string verdict = one.Failure is not null ? "not finished" : bad.ToString(CultureInfo.InvariantCulture);
            table.Add(
                one.Name, Number(one.Rounds), Number(one.Record.Steps.Count), Number(one.Restarts), Number(one.Record.Subjects.Count),
                Units.Bytes((ulong)one.Bytes),
                Milliseconds(one.LongestBlock), Milliseconds(one.LongestOutage), Units.Age(one.Elapsed),
                    new Cell(verdict, one.Holds ? Color.Green : Color.Red));
        }

        return table;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms");
}
