using System.Globalization;
using System.Text;

namespace ShimStack.FaultTests.Reporting;

/// <summary>docs/reliability.md: made of the outcomes of one run, and read back by the test that holds it to the faults.</summary>
internal static class Page
{
    private const string AsItShould = "as it should";

    /// <summary>Writes the page. Exit code 1 when our shim has not done what it should, or something was not asked.</summary>
    public static int Write(string outcomes, string page, string machine)
    {
        ILookup<(string Group, string Fault), Outcome> found = Outcomes.Read(outcomes).ToLookup(outcome => (outcome.Group, outcome.Fault));
        List<Row> rows = [.. FaultList.All.Select(fault => RowOf(fault, [.. found[(fault.Group, fault.Title)]]))];
        string head = PageText.Head(machine, rows.Count, rows.Count(row => row.Reference == AsItShould));
        File.WriteAllText(page, head + Tables(rows) + PageText.Limits);
        Row[] failed = [.. rows.Where(row => row.Ours != AsItShould || row.Reference.Length == 0)];
        Array.ForEach(failed, row => Console.Error.WriteLine($"failed: {row.Group}: {row.Fault}: ours: {row.Ours}"));
        return failed.Length == 0 ? 0 : 1;
    }

    /// <summary>The rows of a written page.</summary>
    public static IReadOnlyList<Row> Read(string markdown)
    {
        List<Row> rows = [];
        string group = "";
        foreach (string line in markdown.Split('\n'))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                group = line[3..].Trim();
            }
            else if (line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith(PageText.Columns, StringComparison.Ordinal))
            {
                string[] cells = [.. line.Split('|').Select(cell => cell.Trim())];
                rows.Add(new Row(group, cells[1], cells[2], cells[3], cells[4]));
            }
        }

        return rows;
    }

    /// <summary>Whether a row says that our shim did all that it should.</summary>
    public static bool IsGood(Row row) => row.Ours == AsItShould;

    private static Row RowOf(Fault fault, IReadOnlyList<Outcome> outcomes) => new(
        fault.Group,
        fault.Title,
        fault.Promise,
        Words(outcomes.FirstOrDefault(outcome => outcome.IsReference)),
        Words(outcomes.FirstOrDefault(outcome => !outcome.IsReference)));

    private static string Words(Outcome? outcome) => outcome switch
    {
        null => "",
        { Findings.Count: 0 } => AsItShould,
        _ => string.Join("; ", outcome.Findings),
    };

    private static string Tables(List<Row> rows)
    {
        StringBuilder text = new();
        foreach (IGrouping<string, Row> group in rows.GroupBy(row => row.Group))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {group.Key}\n\n{PageText.Columns}\n|---|---|---|---|\n");
            foreach (Row row in group)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {row.Fault} | {row.Promise} | {row.Reference} | {row.Ours} |\n");
            }
        }

        return text.ToString();
    }
}

/// <summary>A row of the page.</summary>
internal sealed record Row(string Group, string Fault, string Promise, string Reference, string Ours);
