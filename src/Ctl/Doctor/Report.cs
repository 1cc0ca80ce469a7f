using System.Text.Json;
using ShimStack.Ctl.Output;
using Spectre.Console;

namespace ShimStack.Ctl.Doctor;

/// <summary>What was found, for people and for programs.</summary>
internal static class Report
{
    public static TextTable Table(IReadOnlyList<(ICheck Check, Finding Finding)> findings)
    {
        TextTable table = new("", "CHECK", "FOUND");
        foreach ((ICheck check, Finding finding) in findings)
        {
            table.Add(new Cell(Word(finding.Verdict), Colour(finding.Verdict)), check.Name, finding.Found);
            if (finding.Advice is not null)
            {
                table.Add("", "", new Cell($"-> {finding.Advice}", Colour(finding.Verdict)));
            }
        }

        return table;
    }

    public static string Summary(IReadOnlyList<(ICheck Check, Finding Finding)> findings)
    {
        int failures = findings.Count(found => found.Finding.Verdict == Verdict.Failure);
        int warnings = findings.Count(found => found.Finding.Verdict == Verdict.Warning);
        int ok = findings.Count - failures - warnings;
        return $"{findings.Count} checks: {ok} ok, {warnings} {Plural(warnings, "warning")}, {failures} {Plural(failures, "failure")}";
    }

    public static void Write(Utf8JsonWriter writer, IReadOnlyList<(ICheck Check, Finding Finding)> findings)
    {
        writer.WriteStartArray();
        foreach ((ICheck check, Finding finding) in findings)
        {
            writer.WriteStartObject();
            writer.WriteString("check", check.Name);
            writer.WriteString("verdict", Word(finding.Verdict));
            writer.WriteString("found", finding.Found);
            writer.WriteString("advice", finding.Advice);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Ok => "ok",
        Verdict.Warning => "warning",
        _ => "failure",
    };

    private static Color Colour(Verdict verdict) => verdict switch
    {
        Verdict.Ok => Color.Green,
        Verdict.Warning => Color.Yellow,
        _ => Color.Red,
    };

    private static string Plural(int count, string word) => count == 1 ? word : word + "s";
}
