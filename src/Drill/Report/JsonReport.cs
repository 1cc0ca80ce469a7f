using System.Text.Json;
using ShimStack.Drill.Record;

namespace ShimStack.Drill.Report;

/// <summary>A drill as JSON: times in milliseconds.</summary>
public static class JsonReport
{
    public static void Write(Utf8JsonWriter json, DrillResult drill)
    {
        json.WriteStartObject();
        json.WriteString("target", drill.Settings.Target);
        json.WriteString("daemon", drill.Settings.Daemon);
        json.WriteString("shim", drill.Settings.Shim);
        json.WriteBoolean("live", drill.Settings.Live is not null);
        json.WriteStartArray("notChecked");
        foreach (string what in drill.Settings.Live?.NotChecked ?? [])
        {
            json.WriteStringValue(what);
        }

        json.WriteEndArray();
        json.WriteNumber("seed", drill.Settings.Plan.Seed);
        json.WriteNumber("containers", drill.Settings.Plan.Containers);
        json.WriteString("begun", drill.Begun);
        json.WriteBoolean("holds", drill.Holds);
        json.WriteStartArray("scenarios");
        foreach (ScenarioResult scenario in drill.Scenarios)
        {
            Scenario(json, scenario);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Scenario(Utf8JsonWriter json, ScenarioResult scenario)
    {
        DrillRecord record = scenario.Record;
        json.WriteStartObject();
        json.WriteString("name", scenario.Name);
        json.WriteBoolean("holds", scenario.Holds);
        json.WriteString("failure", scenario.Failure);
        json.WriteNumber("rounds", scenario.Rounds);
        json.WriteNumber("steps", record.Steps.Count);
        json.WriteNumber("kills", scenario.Restarts);
        json.WriteNumber("processes", record.Subjects.Count);
        json.WriteNumber("exitEvents", record.Subjects.Sum(static subject => subject.Events.Count));
        json.WriteNumber("outputBytes", scenario.Bytes);
        json.WriteNumber("longestBlock", Milliseconds(scenario.LongestBlock));
        json.WriteNumber("longestOutage", Milliseconds(scenario.LongestOutage));
        json.WriteNumber("apiCalls", record.Calls.Total);
        json.WriteNumber("slowestApiCall", Milliseconds(record.Calls.Longest));
        json.WriteNumber("elapsed", Milliseconds(scenario.Elapsed));
        json.WriteStartArray("violations");
        foreach (Violation violation in record.Violations)
        {
            Violated(json, violation);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Violated(Utf8JsonWriter json, Violation violation)
    {
        json.WriteStartObject();
        json.WriteString("invariant", violation.Invariant);
        json.WriteString("subject", violation.Subject);
        json.WriteNumber("step", violation.Step);
        json.WriteString("at", violation.At.Wall);
        json.WriteString("expected", violation.Expected);
        json.WriteString("seen", violation.Seen);
        json.WriteStartArray("excerpt");
        foreach (string line in violation.Excerpt)
        {
            json.WriteStringValue(line);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);
}
