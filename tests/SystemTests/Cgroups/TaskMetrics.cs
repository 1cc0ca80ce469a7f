using ShimStack.Api.CgroupsV1;
using ShimStack.SystemTests.Daemons;
using ShimStack.Wire.Tasks;
using V2 = ShimStack.Api.CgroupsV2;

namespace ShimStack.SystemTests.Cgroups;

/// <summary>What the daemon passes on of a shim's Stats, in the few numbers that both versions of cgroups have.</summary>
/// <param name="Type">The type URL.</param>
/// <param name="Memory">In bytes.</param>
/// <param name="Cpu">In nanoseconds.</param>
/// <param name="Processes">How many there are.</param>
/// <param name="OomKills">Null where the message has no part for them.</param>
/// <param name="All">The whole message as JSON.</param>
internal sealed record TaskMetrics(string Type, ulong Memory, ulong Cpu, ulong Processes, ulong? OomKills, string All)
{
    /// <summary>Null when the daemon has none.</summary>
    public static async Task<TaskMetrics?> TryReadAsync(Stage stage, string id)
    {
        MetricsResponse response = await stage.Client.Tasks.MetricsAsync(new MetricsRequest { Filters = { $"id=={id}" } });
        return response.Metrics.SingleOrDefault(metric => metric.Id == id) is Metric metric ? Parse(metric) : null;
    }

    public static async Task<TaskMetrics> ReadAsync(Stage stage, string id) =>
        await TryReadAsync(stage, id) ?? throw new InvalidOperationException($"the daemon has no metrics of {id}");

    private static TaskMetrics Parse(Metric metric)
    {
        string type = metric.Data.TypeUrl;
        if (type == "io.containerd.cgroups.v2.Metrics")
        {
            V2.Metrics unified = V2.Metrics.Parser.ParseFrom(metric.Data.Value);
            ulong? kills = unified.MemoryEvents?.OomKill;
            ulong cpu = unified.Cpu.UsageUsec * 1000;
            return new TaskMetrics(type, unified.Memory.Usage, cpu, unified.Pids.Current, kills, unified.ToString());
        }

        Metrics metrics = Metrics.Parser.ParseFrom(metric.Data.Value);
        ulong cpuTime = metrics.Cpu.Usage.Total;
        ulong? oomKills = metrics.MemoryOomControl?.OomKill;
        return new TaskMetrics(type, metrics.Memory.Usage.Usage, cpuTime, metrics.Pids.Current, oomKills, metrics.ToString());
    }
}
