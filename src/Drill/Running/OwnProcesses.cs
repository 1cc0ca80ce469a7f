using System.Globalization;
using ShimStack.Drill.Targets;
using ShimStack.Native;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Running;

/// <summary>What runs for this drill under a daemon that others use as well: what is in its cgroups, and shims of its containers.</summary>
internal static class OwnProcesses
{
    public static IReadOnlyList<int> Find(TargetPlaces places, IReadOnlyList<string> ids) =>
    [
        .. Machine.Cgroups(places).SelectMany(Members).Concat(ShimProcesses.Of(places, ids)).Distinct(),
    ];

    public static void Kill(int pid)
    {
        try
        {
            ProcessSignals.Send(pid, (int)Signal.SIGKILL);
        }
        catch (SyscallException e) when (e.Errno == Errno.ESRCH)
        {
            // It was quicker.
        }
    }

    private static IEnumerable<int> Members(string cgroup)
    {
        try
        {
            return [.. File.ReadLines(Path.Combine(cgroup, "cgroup.procs"))
                .Select(static line => int.Parse(line, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return []; // It is gone.
        }
    }
}
