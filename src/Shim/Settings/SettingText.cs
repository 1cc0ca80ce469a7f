using System.Globalization;

namespace ShimStack.Shim.Settings;

/// <summary>How the values of settings are written: each kind is read and shown in the same form.</summary>
internal static class SettingText
{
    private static readonly (string Unit, TimeSpan Length)[] TimeUnits =
        [("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)), ("ms", TimeSpan.FromMilliseconds(1))];

    /// <summary>A whole number with ms, s, m or h; null for anything else. 0 needs no unit.</summary>
    public static TimeSpan? ParseDuration(string text)
    {
        int digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        string unit = digits < 0 ? "" : text[digits..];
        if (!int.TryParse(text.AsSpan(0, digits < 0 ? text.Length : digits), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return null;
        }

        foreach ((string known, TimeSpan length) in TimeUnits)
        {
            if (unit == known)
            {
                return length * number;
            }
        }

        return unit.Length == 0 && number == 0 ? TimeSpan.Zero : null;
    }

    /// <summary>In the largest unit that gives a whole number.</summary>
    public static string Show(TimeSpan duration)
    {
        foreach ((string unit, TimeSpan length) in TimeUnits)
        {
            if (duration > TimeSpan.Zero && duration.Ticks % length.Ticks == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / length.Ticks}{unit}");
            }
        }

        return "0";
    }

    /// <summary>A whole number of bytes, or of <paramref name="kilo"/>, its square or its cube of them with k, m or g; null for anything else.</summary>
    public static long? ParseSize(string text, long kilo = 1024)
    {
        long unit = (text.Length == 0 ? ' ' : char.ToLowerInvariant(text[^1])) switch
        {
            'k' => kilo,
            'm' => kilo * kilo,
            'g' => kilo * kilo * kilo,
            _ => 1,
        };
        ReadOnlySpan<char> digits = unit == 1 ? text : text.AsSpan(0, text.Length - 1);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= long.MaxValue / unit
            ? number * unit
            : null;
    }

    /// <summary>In the largest unit that gives a whole number.</summary>
    public static string Show(long bytes)
    {
        (int shift, string unit) = bytes == 0 ? (0, "")
            : bytes % (1L << 30) == 0 ? (30, "g")
            : bytes % (1L << 20) == 0 ? (20, "m")
            : bytes % (1L << 10) == 0 ? (10, "k")
            : (0, "");
        return string.Create(CultureInfo.InvariantCulture, $"{bytes >> shift}{unit}");
    }
}
