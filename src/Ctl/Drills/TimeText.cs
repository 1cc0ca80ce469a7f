using System.Globalization;
using ShimStack.Ctl.Commands;

namespace ShimStack.Ctl.Drills;

/// <summary>"500ms", "90s", "5m", "1h".</summary>
internal static class TimeText
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)),
    ];

    public static TimeSpan Parse(string option, string text)
    {
        foreach ((string unit, TimeSpan length) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && int.TryParse(text[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out int count))
            {
                return length * count;
            }
        }

        throw CtlException.Usage($"{option} is a time such as 500ms, 90s, 5m or 1h, not {text}");
    }
}
