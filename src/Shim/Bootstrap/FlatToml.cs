namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// The part of TOML that runtime options come in: one <c>key = value</c> per line, comments, no tables. Daemons from 1.7 on write the
/// options of a
/// runtime whose name they do not know like this.
/// </summary>
internal static class FlatToml
{
    /// <summary>The entries in order.</summary>
    /// <exception cref="FormatException">A line is something else, or a key comes twice; the message names the line.</exception>
    public static IReadOnlyList<TomlEntry> Parse(string text)
    {
        var entries = new List<TomlEntry>();
        int number = 0;
        foreach (string raw in text.Split('\n'))
        {
            number++;
            string line = raw.Trim();
            if (line is "" or ['#', ..])
            {
                continue;
            }
            TomlEntry entry = ParseLine(line, number);
            if (entries.Exists(earlier => earlier.Key == entry.Key))
            {
                throw entry.Fault("given twice");
            }
            entries.Add(entry);
        }
        return entries;
    }

    private static TomlEntry ParseLine(string line, int number)
    {
        int equals = line.IndexOf('=', StringComparison.Ordinal);
        string key = equals < 0 ? "" : line[..equals].Trim();
        if (key is ['"', .., '"'] or ['\'', .., '\''])
        {
            key = key[1..^1];
        }
        bool isKey = key.Length > 0;
        foreach (char c in key)
        {
            isKey &= char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
        }
        return isKey
            ? new TomlEntry(key, line[(equals + 1)..].Trim(), number)
            : throw new FormatException($"line {number}: key = value expected, not {line}");
    }
}
