using System.Globalization;
using ShimStack.Drill.Targets;

namespace ShimStack.Drill.Live;

/// <summary>What was found out of a daemon of the machine before anything is done to it.</summary>
public sealed class LiveFacts
{
    internal LiveFacts(string target, string address, DaemonProcess daemon, IDaemonStart start) =>
        (Target, Address, Daemon, Start) = (target, address, daemon, start);

    public string Target { get; }

    /// <summary>Its socket.</summary>
    public string Address { get; }

    /// <summary>Its program.</summary>
    public string Program => Daemon.Program;

    /// <summary>The runtime that the drill's containers ask for.</summary>
    public string Runtime { get; internal init; } = "";

    /// <summary>As it says itself.</summary>
    internal string Version { get; init; } = "";

    internal DaemonProcess Daemon { get; }

    internal IDaemonStart Start { get; }

    /// <summary>Containers of others, by their namespace.</summary>
    internal IReadOnlyList<(string Namespace, int Count)> Others { get; init; } = [];

    /// <summary>null for a daemon that is no dockerd.</summary>
    internal DockerFacts? Docker { get; init; }

    /// <summary>What the drill of a private daemon looks at, and this one cannot.</summary>
    public IReadOnlyList<string> NotChecked =>
    [
        "processes that left their container's cgroup (the drill is not their parent)",
        "temporary files of the daemon (its folder for them is not the drill's)",
        "what the daemon leaves when it ends (it goes on)",
        .. Docker is null ? (string[])[] : ["mounts below dockerd's data folder (its images have their own)"],
    ];

    /// <summary>What will be done to whom, a line each.</summary>
    /// <param name="deaths">How often it is killed or ended in one round.</param>
    /// <param name="stops">How often it is stopped for a while.</param>
    public IEnumerable<string> Text(int deaths, int stops)
    {
        string others = Others.Count == 0 ? "none"
            : string.Join(", ", Others.Select(static one => $"{one.Count.ToString(CultureInfo.InvariantCulture)} in {one.Namespace}"));
        string own = Target == TargetNames.Docker
            ? "have names, a label, an image and a cgroup of their own"
            : "are in a namespace and a cgroup of their own";
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"daemon      {Version}, process {Daemon.Pid}, at {Address}"),
            $"program     {Daemon.CommandLine} ({Daemon.Program})",
            $"started by  {Start.Text}",
            $"containers  of others: {others}; they are not touched, and nobody can ask for them while the daemon is away",
            string.Create(CultureInfo.InvariantCulture,
                $"the drill   kills or ends this daemon {deaths} times a round and stops it {stops} times, and leaves it running"),
            $"            its own containers (runtime {(Runtime.Length > 0 ? Runtime : "as the daemon chooses")}) {own}, and are removed",
            $"not checked against a live daemon: {string.Join("; ", NotChecked)}",
        ];
    }
}

/// <summary>What only a dockerd has.</summary>
/// <param name="Data">The folder of its data.</param>
/// <param name="IsSystemd">Its cgroups are made by systemd, so that a parent is a slice.</param>
internal sealed record DockerFacts(string Data, bool IsSystemd);
