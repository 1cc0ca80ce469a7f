using ShimStack.SystemTests.Daemons;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>The table of docs/shimstackd.md: what becomes of a container, by the way it ends (rows) and its policy (columns).</summary>
internal sealed class RestartTable
{
    public const string Never = "–";
    public const string Again = "again";

    private const string Header = "| ends by |";

    private readonly Dictionary<(string Ending, string Policy), string> _cells = [];

    /// <summary>The page's.</summary>
    public static RestartTable Read()
    {
        string[] lines = [.. File.ReadLines(Path.Combine(RuntimeUnderTest.RepositoryRoot, "docs/shimstackd.md"))
            .SkipWhile(line => !line.StartsWith(Header, StringComparison.Ordinal)).TakeWhile(line => line.StartsWith('|'))];
        RestartTable table = new();
        string[] policies = Split(lines[0]);
        foreach (string[] row in lines.Skip(2).Select(Split))
        {
            for (int column = 1; column < row.Length; column++)
            {
                table[row[0], policies[column]] = row[column];
            }
        }

        return table;
    }

    public IEnumerable<(string Ending, string Policy)> Keys => _cells.Keys;

    public string this[string ending, string policy]
    {
        get => _cells[(ending, policy)];
        set => _cells[(ending, policy)] = value;
    }

    /// <summary>One line a cell, for comparison.</summary>
    public IEnumerable<string> Lines => _cells.Select(cell => $"{cell.Key.Ending}, {cell.Key.Policy}: {cell.Value}").Order(StringComparer.Ordinal);

    private static string[] Split(string line) => [.. line.Trim('|').Split('|').Select(cell => cell.Trim().Trim('`'))];
}
