using System.Globalization;
using Google.Protobuf.Collections;
using ShimStack.Api.Daemon;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Restart;

/// <summary>
/// The labels by which containerd's restart monitor is told what to do, so that every client of it can tell us: containerd's core/runtime/restart.
/// A policy alone is enough here; there, a status must be set as well.
/// </summary>
internal static class RestartLabels
{
    public const string Policy = Prefix + "policy";
    public const string Status = Prefix + "status";
    public const string Count = Prefix + "count";
    public const string Stopped = Prefix + "explicitly-stopped";
    public const string LogUri = Prefix + "loguri";
    public const string LogPath = Prefix + "logpath"; // what it was before containerd 1.5

    private const string Prefix = "containerd.io/restart.";
    private const string StatusStopped = "stopped";
    private const string StatusRunning = "running";

    private static readonly string[] Statuses = [StatusRunning, "created", StatusStopped, "paused", "pausing", "unknown"];
    private static readonly string[] True = ["1", "t", "T", "true", "TRUE", "True"]; // as Go's strconv.ParseBool
    private static readonly string[] False = ["0", "f", "F", "false", "FALSE", "False"];

    /// <summary>What is asked for; null if nothing is.</summary>
    public static RestartWish? Of(Container container)
    {
        MapField<string, string> labels = container.Labels;
        string? status = labels.GetValueOrDefault(Status);
        if (status == StatusStopped)
        {
            return null;
        }

        RestartPolicy? policy = labels.TryGetValue(Policy, out string? text) ? RestartPolicy.TryParse(text)
            : status == StatusRunning ? new RestartPolicy(RestartKind.Always)
            : null;
        return policy is RestartPolicy { Kind: not RestartKind.No } wanted
            ? new RestartWish(wanted, True.Contains(labels.GetValueOrDefault(Stopped)), LogOf(labels))
            : null;
    }

    /// <summary>Passes labels that can be obeyed: one that is misspelt must not end as a container that is not restarted one night.</summary>
    /// <exception cref="RpcException">InvalidArgument.</exception>
    public static void Require(string operation, MapField<string, string> labels)
    {
        foreach ((string key, string value) in labels)
        {
            // Without a value it is no label: see Labels.DropEmpty.
            if (value.Length > 0 && key.StartsWith(Prefix, StringComparison.Ordinal) && Fault(key, value) is string fault)
            {
                throw RpcException.InvalidArgument($"{operation} failed validation: label {key}: \"{value}\" is no {fault}: invalid argument");
            }
        }
    }

    private static string? Fault(string key, string value) => key switch
    {
        Policy => RestartPolicy.TryParse(value) is null ? $"restart policy: {RestartPolicy.Forms}" : null,
        Status => Statuses.Contains(value) ? null : $"status of a task: {string.Join(", ", Statuses)}",
        Stopped => True.Contains(value) || False.Contains(value) ? null : "truth value: true or false",
        Count => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : "number of restarts",
        LogUri => value.Contains("://", StringComparison.Ordinal) ? null : "URI: such as file:///var/log/x.log or binary:///usr/bin/logger",
        LogPath => value[0] == '/' ? null : "absolute path",
        _ => null,
    };

    private static string? LogOf(MapField<string, string> labels) => labels.TryGetValue(LogUri, out string? uri) ? uri
        : labels.TryGetValue(LogPath, out string? path) ? "file://" + string.Join('/', path.Split('/').Select(Uri.EscapeDataString))
        : null;
}
