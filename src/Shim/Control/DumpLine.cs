using System.Globalization;
using System.Text;

namespace ShimStack.Shim.Control;

/// <summary>One line of a dump: what it is about, then key=value pairs; what is empty is left out.</summary>
internal sealed class DumpLine(string about)
{
    private readonly StringBuilder _line = new(about);

    public DumpLine Add(string key, string? value)
    {
        if (value is { Length: > 0 })
        {
            _line.Append(' ').Append(key).Append('=');
            AppendValue(value);
        }

        return this;
    }

    public DumpLine Add(string key, long value) => value == 0 ? this : Add(key, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>In milliseconds below 10 s, else in seconds.</summary>
    public DumpLine Add(string key, TimeSpan time) => Add(
        key,
        time.TotalSeconds < 10
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0}ms")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0}s"));

    public override string ToString() => _line.ToString();

    private void AppendValue(string value)
    {
        if (value.AsSpan().IndexOfAny(" \"=\n") < 0)
        {
            _line.Append(value);
            return;
        }

        _line.Append('"').Append(value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")).Append('"');
    }
}
