using System.Globalization;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Settings;

/// <summary>Reads the settings from an environment. The start action does so first, so that a bad value is told to whoever runs a container.</summary>
internal static class SettingsReader
{
    private const string Prefix = "SHIMSTACK_";

    /// <summary>The settings in this process's environment.</summary>
    /// <inheritdoc cref="Read(Func{string, string?})"/>
    public static ShimSettings Read() => Read(Environment.GetEnvironmentVariable);

    /// <summary>The settings in an environment; what is not set has its default.</summary>
    /// <exception cref="StartupException">A value cannot be understood; names variable, value and what is expected.</exception>
    public static ShimSettings Read(Func<string, string?> environment)
    {
        ShimSettings defaults = new();
        return defaults with
        {
            RuntimeLimit = Value("RUNTIME_TIMEOUT", defaults.RuntimeLimit, ParseDuration, "a time such as 90s or 10m, or 0 for no limit"),
            DrainLimit = Value("DRAIN_TIMEOUT", defaults.DrainLimit, ParseDuration, "a time such as 90s or 10m, or 0 for no wait"),
            SpoolBytes = Value("SPOOL_SIZE", defaults.SpoolBytes, ParseSize, "a number of bytes such as 512k, 16m or 1g, or 0 for no spool"),
            SpoolNodeBytes = Value("SPOOL_NODE_SIZE", defaults.SpoolNodeBytes, ParseSize, "a number of bytes such as 512k, 16m or 1g"),
            SpoolAfter = Value("SPOOL_AFTER", defaults.SpoolAfter, ParseDuration, "a time such as 500ms or 1s"),
            SpoolDropsOldest = Value("SPOOL_FULL", defaults.SpoolDropsOldest, ParseFull, "block or drop-oldest"),
            DirectKill = Value("DIRECT_KILL", defaults.DirectKill, ParseSwitch, "on or off"),
        };

        T Value<T>(string name, T otherwise, Func<string, T?> parse, string expected)
            where T : struct =>
            environment(Prefix + name) is not { Length: > 0 } text
                ? otherwise
                : parse(text) ?? throw new StartupException($"{Prefix}{name}={text}: {expected} is expected");
    }

    /// <summary>A whole number with ms, s, m or h; null for anything else. 0 needs no unit.</summary>
    public static TimeSpan? ParseDuration(string text)
    {
        int digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        string unit = digits < 0 ? "" : text[digits..];
        if (!int.TryParse(text[..(digits < 0 ? text.Length : digits)], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return null;
        }

        return unit switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            "" when number == 0 => TimeSpan.Zero,
            _ => null,
        };
    }

    /// <summary>A whole number of bytes, or of 1024, 1024² or 1024³ of them with k, m or g; null for anything else.</summary>
    public static long? ParseSize(string text)
    {
        int shift = text[^1] switch
        {
            'k' or 'K' => 10,
            'm' or 'M' => 20,
            'g' or 'G' => 30,
            _ => 0,
        };
        ReadOnlySpan<char> digits = shift == 0 ? text : text.AsSpan(0, text.Length - 1);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= long.MaxValue >> shift
            ? number << shift
            : null;
    }

    private static bool? ParseFull(string text) => text switch
    {
        "drop-oldest" => true,
        "block" => false,
        _ => null,
    };

    private static bool? ParseSwitch(string text) => text switch
    {
        "on" or "true" or "1" => true,
        "off" or "false" or "0" => false,
        _ => null,
    };
}
