using System.Globalization;
using System.Text;

namespace ShimStack.Shim.Control;

/// <summary>A report as lines: what an item is, then its key=value pairs; what is inside of it stands below it, two places to the right.</summary>
internal sealed class ReportLines : Report
{
    private readonly List<StringBuilder> _lines = [];
    private readonly Stack<StringBuilder> _open = new();

    public IEnumerable<string> Lines
    {
        get
        {
            foreach (StringBuilder line in _lines)
            {
                yield return line.ToString();
            }
        }
    }

    public override void Begin(int field, string about)
    {
        StringBuilder line = new StringBuilder().Append(' ', 2 * _open.Count).Append(about);
        _lines.Add(line);
        _open.Push(line);
    }

    public override void End() => _open.Pop();

    public override void Text(int field, string key, string? value)
    {
        if (value is { Length: > 0 })
        {
            _open.Peek().Append(' ').Append(key).Append('=').Append(value.AsSpan().IndexOfAny(" \"=\n") < 0 ? value : Quoted(value));
        }
    }

    public override void Number(int field, string key, long value)
    {
        if (value != 0)
        {
            Text(field, key, value.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>In milliseconds below 10 s, else in seconds.</summary>
    public override void Time(int field, string key, TimeSpan value)
    {
        bool isShort = value.TotalSeconds < 10;
        Text(field, key, ((long)(isShort ? value.TotalMilliseconds : value.TotalSeconds)).ToString(CultureInfo.InvariantCulture) + (isShort ? "ms" : "s"));
    }

    private static string Quoted(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
