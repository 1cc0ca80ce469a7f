using System.Text.Json;
using ShimStack.Api;
using ShimStack.Api.Types;
using ShimStack.Ctl.Commands;
using V1 = ShimStack.Api.CgroupsV1;
using V2 = ShimStack.Api.CgroupsV2;

namespace ShimStack.Ctl.Containers;

/// <summary>What a container uses, in whichever way the kernel counts it. See cgroups(7).</summary>
/// <param name="Id">Of the container.</param>
/// <param name="Processor">Time of processors since it was made.</param>
/// <param name="Memory">Now, in bytes.</param>
/// <param name="MemoryLimit">The most that it may have; null for no limit.</param>
/// <param name="Processes">How many run, threads included.</param>
internal sealed record Usage(string Id, TimeSpan Processor, ulong Memory, ulong? MemoryLimit, ulong Processes)
{
    /// <summary>From disks since it was made, in bytes.</summary>
    public ulong Read { get; init; }

    /// <summary>To disks.</summary>
    public ulong Written { get; init; }

    // "max" of both versions, which version 1 rounds down to a page.
    private const ulong NoLimit = long.MaxValue / 4096 * 4096;

    public static Usage Of(Metric metric)
    {
        switch (metric.Data.TypeUrl)
        {
            case TypeUrls.CgroupsV1Metrics:
                V1.Metrics v1 = V1.Metrics.Parser.ParseFrom(metric.Data.Value);
                return new(metric.Id, Nanoseconds(v1.Cpu?.Usage?.Total ?? 0), v1.Memory?.Usage?.Usage ?? 0, Limit(v1.Memory?.Usage?.Limit), v1.Pids?.Current ?? 0)
                {
                    Read = Bytes(v1.Blkio, "read"),
                    Written = Bytes(v1.Blkio, "write"),
                };
            case TypeUrls.CgroupsV2Metrics:
                V2.Metrics v2 = V2.Metrics.Parser.ParseFrom(metric.Data.Value);
                return new(metric.Id, TimeSpan.FromMicroseconds(v2.Cpu?.UsageUsec ?? 0), v2.Memory?.Usage ?? 0, Limit(v2.Memory?.UsageLimit), v2.Pids?.Current ?? 0)
                {
                    Read = Sum(v2.Io?.Usage.Select(entry => entry.Rbytes)),
                    Written = Sum(v2.Io?.Usage.Select(entry => entry.Wbytes)),
                };
            default:
                throw new CtlException($"the runtime of {metric.Id} counts in its own way ({metric.Data.TypeUrl}), which shimctl does not know");
        }
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("id", Id);
        WriteMembers(writer);
        writer.WriteEndObject();
    }

    /// <summary>Into an object of somebody else.</summary>
    public void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteNumber("cpuSeconds", Processor.TotalSeconds);
        writer.WriteNumber("memoryBytes", Memory);
        if (MemoryLimit is ulong limit)
        {
            writer.WriteNumber("memoryLimitBytes", limit);
        }

        writer.WriteNumber("processes", Processes);
        writer.WriteNumber("readBytes", Read);
        writer.WriteNumber("writtenBytes", Written);
    }

    private static ulong Bytes(V1.BlkIOStat? io, string operation) => Sum(io?.IoServiceBytesRecursive
        .Where(entry => entry.Op.Equals(operation, StringComparison.OrdinalIgnoreCase)).Select(entry => entry.Value));

    private static ulong Sum(IEnumerable<ulong>? numbers) => numbers?.Aggregate(0ul, (sum, number) => sum + number) ?? 0;

    private static TimeSpan Nanoseconds(ulong count) => TimeSpan.FromTicks((long)(count / 100));

    private static ulong? Limit(ulong? limit) => limit is null or 0 or >= NoLimit ? null : limit;
}
