using System.Globalization;
using ShimStack.Ctl.Kernel;
using ShimStack.Ctl.Output;

namespace ShimStack.Ctl.Views;

/// <summary>The three views side by side, and where they contradict each other.</summary>
internal static class ViewRows
{
    public static IReadOnlyList<ViewRow> Of(ContainerViews views)
    {
        (DaemonView daemon, ShimView shim, KernelView kernel) = (views.Daemon, views.Shim, views.Kernel);
        KernelProcess? process = kernel.Process;
        bool isShimSeen = shim.NotSeen is null;
        return
        [
            ViewRow.Same("pid", Known(daemon.Pid), isShimSeen ? Known(shim.Pid) : null, HasEnded(views) ? null : Known(process?.Pid ?? 0)),
            State(views),
            new("started", null, null, Time(process?.StartedAt)),
            ViewRow.Same("exit status", Text(daemon.ExitStatus), Text(shim.ExitStatus), null),
            ViewRow.Same("ended", Time(daemon.ExitedAt), Time(shim.ExitedAt), null),
            Cgroup(daemon.Cgroup, process?.Cgroup),
            new("processes", Text(daemon.Processes), null, Text(process?.CgroupProcesses)),
            new("descriptors", null, null, Text(process?.Descriptors)),
            new("memory", Bytes(daemon.Memory), null, Bytes(process?.CgroupMemory)),
            ViewRow.Same("shim's pid", null, Known(shim.ShimPid), Known(HasEnded(views) || kernel.IsAdopted ? kernel.Shim?.Pid ?? 0 : process?.Parent ?? 0)),
            new("shim's descriptors", null, Text(shim.Status?.Resources?.Descriptors), Text(kernel.Shim?.Descriptors)),
            new("shim's memory", null, Bytes(shim.Status?.Resources?.RssBytes), Bytes(kernel.Shim?.Resident)),
        ];
    }

    /// <summary>What else its shim has to say: what it is at, and what was lost.</summary>
    public static IEnumerable<string> Notes(ShimView shim)
    {
        foreach (Api.Control.ProcessStatus process in shim.Container?.Processes ?? [])
        {
            string who = process.ExecId.Length == 0 ? "the first process" : $"exec {process.ExecId} (pid {process.Pid}, {process.State})";
            if (process.ExecId.Length > 0 || process.Operation.Length > 0)
            {
                string waits = process.WaitsFor.Length > 0 ? $", which waits for {process.WaitsFor}" : "";
                yield return process.Operation.Length > 0 ? $"{who}: {process.Operation} for {process.OperationMs} ms{waits}" : who;
            }

            foreach (Api.Control.StreamStatus stream in process.Streams.Where(s => s.ReaderAway || s.Spooled > 0 || s.Dropped > 0))
            {
                string away = stream.ReaderAway ? "nobody reads it, " : "";
                yield return $"{stream.Name} of {who}: {away}{stream.Spooled} bytes wait, {stream.Dropped} are lost";
            }
        }

        if (shim.Status is { Events: { Pending: > 0 } events })
        {
            yield return $"{events.Pending} events wait for the daemon, which the shim takes to be {shim.Status.Daemon}";
        }
    }

    private static bool HasEnded(ContainerViews views) => views.Daemon.State is "stopped" or "empty" || views.Shim.State == "stopped";

    // A process that the runtime has made and not started is one that runs, to the kernel.
    private static ViewRow State(ContainerViews views)
    {
        KernelView kernel = views.Kernel;
        string? shim = views.Shim.NotSeen is null ? views.Shim.State : null;
        string? seen = kernel.NotSeen is not null ? null : kernel.Process?.StateName ?? (views.Daemon.State == "empty" ? null : "stopped");
        string? word = shim ?? views.Daemon.State;
        string? expected = seen == "running" && word is "created" or "pausing" ? word : seen;
        ViewRow row = ViewRow.Same("state", views.Daemon.State, shim, expected);
        return row with { Kernel = kernel.Process is KernelProcess process ? $"{seen} ({process.State})" : seen is null ? null : "gone" };
    }

    // systemd's way of naming one ("slice:prefix:name") is no path; and where we are in a cgroup of our own, its path is above all others.
    private static ViewRow Cgroup(string? asked, string? found) => new("cgroup", asked, null, found)
    {
        Differs = asked is not null && found is not null && asked.StartsWith('/') && !found.EndsWith(asked, StringComparison.Ordinal),
    };

    private static string? Known(int pid) => pid > 0 ? pid.ToString(CultureInfo.InvariantCulture) : null;

    private static string? Text<T>(T? number)
        where T : struct, IFormattable => number?.ToString(null, CultureInfo.InvariantCulture);

    private static string? Bytes(ulong? bytes) => bytes is ulong known ? Units.Bytes(known) : null;

    private static string? Time(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd HH:mm:ss.ff", CultureInfo.InvariantCulture);
}
