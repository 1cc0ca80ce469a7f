using ShimStack.Api.Daemon;
using ShimStack.Ctl.Logs;

namespace ShimStack.Ctl.Containers;

/// <summary>The labels by which a daemon is told when to start a container again; those of containerd's restart monitor. See docs/shimstackd.md.</summary>
internal static class RestartLabels
{
    public const string Policy = Prefix + "policy";
    public const string Status = Prefix + "status";
    public const string Stopped = Prefix + "explicitly-stopped";
    public const string LogUri = Prefix + "loguri";

    public const string No = "no";

    private const string Prefix = "containerd.io/restart.";

    /// <summary>Those of a container that logs to a file.</summary>
    public static Dictionary<string, string> Of(string? policy, string logFile) => policy is null or No
        ? []
        : new() { [Policy] = policy, [Status] = "running", [LogUri] = LogLocation.Uri(logFile) };

    /// <summary>What its label says; null for none, and for "no".</summary>
    public static string? PolicyOf(Container container) =>
        container.Labels.TryGetValue(Policy, out string? policy) && policy != No ? policy : null;
}
