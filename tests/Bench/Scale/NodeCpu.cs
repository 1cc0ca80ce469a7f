using System.Globalization;
using ShimStack.ShimDriver.Host;

namespace ShimStack.Bench.Scale;

/// <summary>CPU time that shims, daemon and the whole machine have used so far.</summary>
internal readonly record struct NodeCpu(TimeSpan Shims, TimeSpan Daemon, TimeSpan Node)
{
    internal static NodeCpu Read(IEnumerable<RunningProcess> shims, RunningProcess daemon) => new(
        shims.Aggregate(TimeSpan.Zero, (sum, shim) => sum + shim.CpuTime),
        daemon.CpuTime,
        Busy());

    public static NodeCpu operator -(NodeCpu later, NodeCpu earlier) =>
        new(later.Shims - earlier.Shims, later.Daemon - earlier.Daemon, later.Node - earlier.Node);

    // The first line of /proc/stat, in steps of 10 ms: all but idle and iowait, the fourth and the fifth number. See proc_stat(5).
    private static TimeSpan Busy()
    {
        string[] fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        long ticks = fields[1..9].Where((_, i) => i is not (3 or 4)).Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
        return TimeSpan.FromMilliseconds(ticks * 10);
    }
}
