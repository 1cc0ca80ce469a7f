using System.Globalization;
using ShimStack.Ctl.Commands;

namespace ShimStack.Ctl.Logs;

/// <summary>Which lines of a log are wanted.</summary>
/// <param name="Since">Those that were written then or later; null for all.</param>
/// <param name="Last">No more than so many of those that are there already; null for all.</param>
internal readonly record struct LogChoice(DateTimeOffset? Since, int? Last)
{
    private const string Units = "smhd";

    private static readonly int[] Seconds = [1, 60, 3600, 86400];

    /// <summary>"10m" ago, or a time such as 2026-01-02T03:04:05Z.</summary>
    /// <exception cref="CtlException">It is neither.</exception>
    public static DateTimeOffset Time(string text, DateTimeOffset now)
    {
        int unit = text.Length > 1 ? Units.IndexOf(text[^1], StringComparison.Ordinal) : -1;
        if (unit >= 0 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return now - TimeSpan.FromSeconds((double)number * Seconds[unit]);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset time)
            ? time
            : throw CtlException.Usage($"--since {text}: not a time; say for instance 10m, or 2026-01-02T03:04:05Z");
    }

    public bool HasTime(string time) => Since is not DateTimeOffset since
        || !DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset written) || written >= since;
}
