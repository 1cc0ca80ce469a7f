using System.Globalization;
using ShimStack.Native.Processes;

namespace ShimStack.Ctl.Kernel;

/// <summary>A process as the kernel has it now. What only its owner or root may see is null for others. See proc(5).</summary>
internal sealed record KernelProcess
{
    private const long TicksASecond = 100; // USER_HZ, the same on every architecture that we run on; see time(7)
    private const ulong KiB = 1024;

    public required int Pid { get; init; }

    /// <summary>R, S, D, Z, …</summary>
    public required char State { get; init; }

    public required int Parent { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>In memory now.</summary>
    public ulong? Resident { get; init; }

    public int? Descriptors { get; init; }

    /// <summary>Where it is counted: in the hierarchy of memory, or that of version 2.</summary>
    public string? Cgroup { get; init; }

    public bool IsFrozen { get; init; }

    public int? CgroupProcesses { get; init; }

    public ulong? CgroupMemory { get; init; }

    /// <summary>"pid:[4026531836]", …</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>As a daemon would say it; its parent has not been told yet that a zombie has ended.</summary>
    public string StateName => IsFrozen ? "paused" : State is 'Z' or 'X' ? "stopped" : "running";

    /// <summary>null if there is none of that pid.</summary>
    public static KernelProcess? TryRead(KernelFiles kernel, int pid)
    {
        if (ProcessStat.TryRead(kernel.Path($"/proc/{pid}/stat")) is not ProcessStat stat)
        {
            return null;
        }

        IReadOnlyList<string> cgroups = kernel.Lines($"/proc/{pid}/cgroup");
        CgroupMounts mounts = CgroupMounts.Read(kernel);
        string? memory = mounts.Folder(cgroups, "memory"), freezer = mounts.Folder(cgroups, "freezer");
        return new KernelProcess
        {
            Pid = pid,
            State = stat.State,
            Parent = stat.Parent,
            StartedAt = BootTime(kernel)?.AddSeconds((double)stat.StartTime / TicksASecond),
            Resident = ResidentOf(kernel, pid),
            Descriptors = kernel.TryNames($"/proc/{pid}/fd")?.Count,
            Cgroup = CgroupMounts.Path(cgroups, "memory") ?? CgroupMounts.Path(cgroups, ""),
            IsFrozen = freezer is not null && IsFrozenIn(kernel, freezer),
            CgroupProcesses = memory is null ? null : kernel.Lines(memory + "/cgroup.procs").Count,
            CgroupMemory = memory is null ? null : MemoryOf(kernel, memory),
            Namespaces = NamespacesOf(kernel, pid),
        };
    }

    // Of version 1, and of version 2.
    private static bool IsFrozenIn(KernelFiles kernel, string cgroup) =>
        kernel.TryText(cgroup + "/freezer.state") == "FROZEN" || kernel.Lines(cgroup + "/cgroup.events").Contains("frozen 1");

    private static ulong? MemoryOf(KernelFiles kernel, string cgroup) =>
        kernel.TryNumber(cgroup + "/memory.usage_in_bytes") ?? kernel.TryNumber(cgroup + "/memory.current");

    private static string[] NamespacesOf(KernelFiles kernel, int pid) =>
        [.. (kernel.TryNames($"/proc/{pid}/ns") ?? []).Select(name => kernel.TryLink($"/proc/{pid}/ns/{name}")).OfType<string>().Distinct()];

    // Not by "btime", which is cut to whole seconds. See proc_uptime(5).
    private static DateTimeOffset? BootTime(KernelFiles kernel) =>
        double.TryParse(kernel.TryText("/proc/uptime")?.Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
            ? TimeProvider.System.GetUtcNow().AddSeconds(-seconds)
            : null;

    private static ulong? ResidentOf(KernelFiles kernel, int pid) => Value(kernel.Lines($"/proc/{pid}/status"), "VmRSS:") * KiB;

    private static ulong? Value(IEnumerable<string> lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is string line
        && ulong.TryParse(line[name.Length..].Trim().Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : null;
}
