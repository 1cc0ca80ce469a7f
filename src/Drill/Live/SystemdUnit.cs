namespace ShimStack.Drill.Live;

/// <summary>Which unit of systemd a process belongs to: systemd names cgroups after units. See systemd.unit(5), cgroups(7).</summary>
internal static class SystemdUnit
{
    private const string Service = ".service";
    private const string UserManager = "user@";

    /// <summary>The service that the machine's systemd runs the process in; null if it is in none.</summary>
    /// <param name="cgroups">What /proc/PID/cgroup says: "ID:CONTROLLERS:PATH" a line.</param>
    public static string? Of(string cgroups)
    {
        // With both hierarchies systemd's own one counts; the other follows it.
        string[][] lines = [.. cgroups.Split('\n').Select(static line => line.Split(':', 3)).Where(static fields => fields.Length == 3)];
        string? path = (lines.FirstOrDefault(static fields => fields[1] == "name=systemd" && fields[2] != "/")
            ?? lines.FirstOrDefault(static fields => fields[1].Length == 0))?[2];
        // The first service counts: what is below it, the service has made. Services of a user's systemd are not the machine's.
        string? unit = path?.Split('/').FirstOrDefault(static part => part.EndsWith(Service, StringComparison.Ordinal));
        return unit is null || unit.StartsWith(UserManager, StringComparison.Ordinal) ? null : unit;
    }
}
