using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Settings;

/// <summary>One setting: its name, what a value of it looks like, and where it is kept.</summary>
internal abstract class Setting(string name, string expected)
{
    private const string Prefix = "SHIMSTACK_";

    /// <summary>All settings, in the order of docs/settings.md.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        Time("RUNTIME_TIMEOUT", "or 0 for no limit", static s => s.RuntimeLimit, static (s, value) => s.RuntimeLimit = value),
        Time("DRAIN_TIMEOUT", "or 0 for no wait", static s => s.DrainLimit, static (s, value) => s.DrainLimit = value),
        Choice("DIRECT_KILL", "on", "off", static s => s.DirectKill, static (s, value) => s.DirectKill = value),
        Size("SPOOL_SIZE", static s => s.SpoolBytes, static (s, value) => s.SpoolBytes = value),
        Size("SPOOL_NODE_SIZE", static s => s.SpoolNodeBytes, static (s, value) => s.SpoolNodeBytes = value),
        Time("SPOOL_AFTER", "or 0 for at once", static s => s.SpoolAfter, static (s, value) => s.SpoolAfter = value),
        Choice("SPOOL_FULL", "drop-oldest", "block", static s => s.SpoolDropsOldest, static (s, value) => s.SpoolDropsOldest = value),
    ];

    /// <summary>The variable that it has in the environment.</summary>
    public string Name => Prefix + name;

    /// <summary>The setting that <paramref name="set"/>, NAME=value, names; null if there is none.</summary>
    public static Setting? Find(string set)
    {
        foreach (Setting setting in All)
        {
            if (set.StartsWith(setting.Name, StringComparison.Ordinal) && set.AsSpan(setting.Name.Length) is [] or ['=', ..])
            {
                return setting;
            }
        }

        return null;
    }

    /// <summary>What stands behind the first = of <paramref name="set"/>; empty without one.</summary>
    public static string ValueIn(string set) => set.IndexOf('=', StringComparison.Ordinal) is int end and >= 0 ? set[(end + 1)..] : string.Empty;

    /// <summary>Its value in <paramref name="settings"/>, as it may be set.</summary>
    public abstract string Show(ShimSettings settings);

    /// <summary>Sets it.</summary>
    /// <exception cref="StartupException">The value cannot be understood; names setting, value and what is expected.</exception>
    public void Set(ShimSettings settings, string value)
    {
        if (!TrySet(settings, value))
        {
            throw new StartupException($"{Name}={value}: {expected} is expected");
        }
    }

    protected abstract bool TrySet(ShimSettings settings, string value);

    private static Kind<TimeSpan> Time(string name, string zero, Func<ShimSettings, TimeSpan> get, Action<ShimSettings, TimeSpan> set) =>
        new(name, $"a time such as 90s or 10m, {zero},", SettingText.ParseDuration, SettingText.Show, get, set);

    private static Kind<long> Size(string name, Func<ShimSettings, long> get, Action<ShimSettings, long> set) =>
        new(name, "a number of bytes such as 512k, 16m or 1g, or 0 for none,", static text => SettingText.ParseSize(text), SettingText.Show, get, set);

    private static Kind<bool> Choice(string name, string yes, string no, Func<ShimSettings, bool> get, Action<ShimSettings, bool> set) =>
        new(name, $"{yes} or {no}", text => text == yes ? true : text == no ? false : null, value => value ? yes : no, get, set);

    private sealed class Kind<T>(
        string name, string expected, Func<string, T?> parse, Func<T, string> show, Func<ShimSettings, T> get, Action<ShimSettings, T> set)
        : Setting(name, expected)
        where T : struct
    {
        public override string Show(ShimSettings settings) => show(get(settings));

        protected override bool TrySet(ShimSettings settings, string value)
        {
            if (parse(value) is not T parsed)
            {
                return false;
            }

            set(settings, parsed);
            return true;
        }
    }
}
