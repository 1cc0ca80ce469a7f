using System.Globalization;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Configuration;

/// <summary>All settings but the runtimes, which are a table of the file and have no flag.</summary>
internal static class SettingsTable
{
    /// <summary>In the order in which they are shown.</summary>
    public static readonly IReadOnlyList<Setting> All =
    [
        new("address", false, "Unix socket of the gRPC API; the one for events of shims is beside it, with \".ttrpc\" added",
            s => s.Address, (s, text) => s with { Address = SettingValues.SocketPath(text) }),
        new("state", false, "Directory of what lasts until the next boot: bundles of tasks",
            s => s.State, (s, text) => s with { State = SettingValues.AbsolutePath(text) }),
        new("root", false, "Directory of what lasts: the database, and work folders of tasks",
            s => s.Root, (s, text) => s with { Root = SettingValues.AbsolutePath(text) }),
        new("group", false, "Group whose members may connect besides root, by name or number; they are root's equals",
            s => s.Group, (s, text) => s with { Group = SettingValues.Optional(text) }),
        new("log-level", false, "Least important messages that are written: trace, debug, info, warning, error or fatal",
            s => StderrLogger.NameOf(s.LogLevel), (s, text) => s with { LogLevel = SettingValues.Level(text) }),
        new("runc-root", false, "Where runc keeps its state if the options of a container do not say; by default \"runc\" below state",
            s => s.RuncRoot, (s, text) => s with { RuncRoot = SettingValues.Optional(text, SettingValues.AbsolutePath) }),
        new("journal-length", true, "Events that the journal keeps at least, though all have been seen",
            s => Text(s.JournalLength), (s, text) => s with { JournalLength = SettingValues.Number(text, 0, 100_000_000) }),
        new("subscriber-queue", true, "Events that wait for one subscriber at most; then it is cut off",
            s => Text(s.SubscriberQueue), (s, text) => s with { SubscriberQueue = SettingValues.Number(text, 1, 1_000_000) }),
        new("metrics-address", false, "Where Prometheus finds its page: the path of a unix socket, or \"ADDRESS:PORT\"; by default nowhere",
            s => s.MetricsAddress, (s, text) => s with { MetricsAddress = SettingValues.Optional(text, SettingValues.ListenAddress) }),
        new("traces-endpoint", false, "Where traces go by OTLP, as \"http://ADDRESS:PORT\"; by default nowhere",
            s => s.TracesEndpoint, (s, text) => s with { TracesEndpoint = SettingValues.Optional(text, SettingValues.HttpAddress) }),
    ];

    /// <summary>The one of that name; null if there is none.</summary>
    public static Setting? Find(string name) => All.FirstOrDefault(setting => setting.Name == name);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
