using System.Globalization;
using System.Text;

namespace ShimStack.Compatibility;

/// <summary>
/// Features by what they ran against: made from the results of two runs, written as Markdown, and read back by the test that holds it to its
/// tests.
/// </summary>
internal sealed class Table
{
    private readonly Dictionary<(string Feature, string Column), Cell> _cells = [];

    private Table()
    {
    }

    public IReadOnlyList<string> Columns => Column.Sort(_cells.Keys.Select(key => key.Column));

    public IReadOnlyList<string> Features => [.. _cells.Keys.Select(key => key.Feature).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The cells that are not blank.</summary>
    public IReadOnlyDictionary<(string Feature, string Column), Cell> Cells => _cells;

    public Cell this[string feature, string column] => _cells.GetValueOrDefault((feature, column));

    public static Table Of(IReadOnlyList<FeatureResult> ours, IReadOnlyList<FeatureResult> reference)
    {
        Table table = new();
        ILookup<(string, string), FeatureResult> byCell = ours.ToLookup(result => (result.Feature, result.Column));
        ILookup<(string, string), FeatureResult> referenceByCell = reference.ToLookup(result => (result.Feature, result.Column));
        foreach ((string, string) key in byCell.Concat(referenceByCell).Select(group => group.Key).Distinct())
        {
            table._cells[key] = Cell.Of([.. byCell[key]], [.. referenceByCell[key]]);
        }

        return table;
    }

    /// <summary>Reads what <see cref="ToMarkdown"/> has written; reasons are not read.</summary>
    public static Table Parse(string markdown)
    {
        Table table = new();
        string[][] rows = [.. markdown.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(Split)];
        string[] columns = rows.Length == 0 ? [] : [.. rows[0].Skip(1).Select(Column.Key)];
        foreach (string[] row in rows.Skip(1))
        {
            for (int i = 0; i < columns.Length; i++)
            {
                if (VerdictOf(row[i + 1]) is not Verdict.Blank and Verdict verdict)
                {
                    table._cells[(row[0], columns[i])] = new Cell(verdict, "");
                }
            }
        }

        return table;
    }

    public string ToMarkdown()
    {
        List<string> reasons = [];
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"| feature | {string.Join(" | ", Columns.Select(Column.Title))} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(Enumerable.Repeat("---|", Columns.Count))}");
        foreach (string feature in Features)
        {
            IEnumerable<string> cells = Columns.Select(column => Write(this[feature, column], reasons));
            text.AppendLine(CultureInfo.InvariantCulture, $"| {feature} | {string.Join(" | ", cells)} |");
        }

        for (int i = 0; i < reasons.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "\n" : "")}{i + 1}. {reasons[i]}\n");
        }

        return text.ToString();
    }

    private static string Write(Cell cell, List<string> reasons) => cell.Verdict switch
    {
        Verdict.Works => "✓",
        Verdict.OnlyOurs => "**✓**",
        Verdict.NotApplicable => $"n/a {Number(cell.Reason, reasons)}",
        Verdict.Fails => $"✗ {Number(cell.Reason, reasons)}",
        _ => "",
    };

    private static Verdict VerdictOf(string text) => text switch
    {
        "" => Verdict.Blank,
        "✓" => Verdict.Works,
        "**✓**" => Verdict.OnlyOurs,
        ['n', '/', 'a', ..] => Verdict.NotApplicable,
        _ => Verdict.Fails,
    };

    private static int Number(string reason, List<string> reasons)
    {
        if (!reasons.Contains(reason))
        {
            reasons.Add(reason);
        }

        return reasons.IndexOf(reason) + 1;
    }

    private static string[] Split(string row) => [.. row.Trim().Trim('|').Split('|').Select(cell => cell.Trim())];
}
