using Google.Protobuf.Collections;
using ShimStack.Api.CgroupsV1;

namespace ShimStack.Shim.Cgroups;

/// <summary>
/// What the kernel counts in the cgroups of version 1 of a container, one directory for each controller: contract chapters 2.15
/// and 8.5. The part of a controller is there if its directory is; a file that is missing counts as 0.
/// </summary>
internal static class MetricsV1
{
    // USER_HZ, a constant of the kernel's interface on all machines that we run on: see times(2).
    private const ulong NanosecondsInTick = 10_000_000;

    /// <summary>Everything of a container.</summary>
    /// <param name="cgroup">Where it is counted.</param>
    /// <param name="lastOomControl">What stood in memory.oom_control when it was last looked at, for the case that it is gone.</param>
    /// <param name="buffer">For the text of one file at a time.</param>
    public static Metrics Read(ContainerCgroup cgroup, ReadOnlySpan<byte> lastOomControl, Span<byte> buffer)
    {
        Metrics metrics = new() { Cpu = new CPUStat { Usage = new CPUUsage(), Throttling = new Throttle() } };
        AddHugePages(metrics, new CgroupFiles(cgroup.DirectoryOf("hugetlb"), buffer));
        AddPids(metrics, new CgroupFiles(cgroup.DirectoryOf("pids"), buffer));
        AddUsage(metrics.Cpu.Usage, new CgroupFiles(cgroup.DirectoryOf("cpuacct"), buffer));
        AddThrottling(metrics.Cpu.Throttling, new CgroupFiles(cgroup.DirectoryOf("cpu"), buffer));
        AddMemory(metrics, lastOomControl, new CgroupFiles(cgroup.DirectoryOf("memory"), buffer));
        metrics.Blkio = BlkioV1.Read(new CgroupFiles(cgroup.DirectoryOf("blkio"), buffer));
        AddRdma(metrics, new CgroupFiles(cgroup.DirectoryOf("rdma"), buffer));
        return metrics;
    }

    private static void AddPids(Metrics metrics, CgroupFiles files)
    {
        using CgroupFiles pids = files;
        if (pids.IsThere)
        {
            // No limit is 0 here, which is how this layout has always said it.
            ulong limit = pids.Number("pids.max");
            metrics.Pids = new PidsStat { Current = pids.Number("pids.current"), Limit = limit == ulong.MaxValue ? 0 : limit };
        }
    }

    private static void AddUsage(CPUUsage usage, CgroupFiles files)
    {
        using CgroupFiles cpuacct = files;
        usage.Total = cpuacct.Number("cpuacct.usage");
        FlatKeys stat = new(cpuacct.Read("cpuacct.stat"));
        usage.User = stat["user"u8] * NanosecondsInTick;
        usage.Kernel = stat["system"u8] * NanosecondsInTick;
        ReadOnlySpan<byte> each = cpuacct.Read("cpuacct.usage_percpu").TrimEnd((byte)'\n');
        while (TextLines.TryTakeWord(ref each, out ReadOnlySpan<byte> cpu))
        {
            usage.PerCpu.Add(KernelNumber.Parse(cpu));
        }
    }

    private static void AddThrottling(Throttle throttling, CgroupFiles files)
    {
        using CgroupFiles cpu = files;
        FlatKeys stat = new(cpu.Read("cpu.stat"));
        throttling.Periods = stat["nr_periods"u8];
        throttling.ThrottledPeriods = stat["nr_throttled"u8];
        throttling.ThrottledTime = stat["throttled_time"u8];
    }

    private static void AddMemory(Metrics metrics, ReadOnlySpan<byte> lastOomControl, CgroupFiles files)
    {
        using CgroupFiles memory = files;
        metrics.MemoryOomControl = OomControlOf(memory.IsThere ? memory.Read("memory.oom_control") : lastOomControl);
        if (!memory.IsThere)
        {
            return;
        }

        MemoryStat stat = metrics.Memory = MemoryOf(new FlatKeys(memory.Read("memory.stat")));
        stat.Usage = Entry(
            memory, "memory.limit_in_bytes", "memory.usage_in_bytes", "memory.max_usage_in_bytes", "memory.failcnt");
        stat.Swap = Entry(
            memory, "memory.memsw.limit_in_bytes", "memory.memsw.usage_in_bytes", "memory.memsw.max_usage_in_bytes", "memory.memsw.failcnt");
        stat.Kernel = Entry(
            memory, "memory.kmem.limit_in_bytes", "memory.kmem.usage_in_bytes", "memory.kmem.max_usage_in_bytes", "memory.kmem.failcnt");
        stat.KernelTcp = Entry(
            memory,
            "memory.kmem.tcp.limit_in_bytes",
            "memory.kmem.tcp.usage_in_bytes",
            "memory.kmem.tcp.max_usage_in_bytes",
            "memory.kmem.tcp.failcnt");
    }

    private static MemoryEntry Entry(in CgroupFiles memory, string limit, string usage, string max, string failures) => new()
    {
        Limit = memory.Number(limit),
        Usage = memory.Number(usage),
        Max = memory.Number(max),
        Failcnt = memory.Number(failures),
    };

    private static MemoryOomControl? OomControlOf(ReadOnlySpan<byte> text)
    {
        FlatKeys control = new(text);
        return text.IsEmpty ? null : new MemoryOomControl
        {
            OomKillDisable = control["oom_kill_disable"u8],
            UnderOom = control["under_oom"u8],
            OomKill = control["oom_kill"u8],
        };
    }

    // In the order of the kernel's lines, so that the text is gone over about once.
    private static MemoryStat MemoryOf(FlatKeys stat) => new()
    {
        Cache = stat["cache"u8],
        Rss = stat["rss"u8],
        RssHuge = stat["rss_huge"u8],
        MappedFile = stat["mapped_file"u8],
        Dirty = stat["dirty"u8],
        Writeback = stat["writeback"u8],
        PgPgIn = stat["pgpgin"u8],
        PgPgOut = stat["pgpgout"u8],
        PgFault = stat["pgfault"u8],
        PgMajFault = stat["pgmajfault"u8],
        InactiveAnon = stat["inactive_anon"u8],
        ActiveAnon = stat["active_anon"u8],
        InactiveFile = stat["inactive_file"u8],
        ActiveFile = stat["active_file"u8],
        Unevictable = stat["unevictable"u8],
        HierarchicalMemoryLimit = stat["hierarchical_memory_limit"u8],
        HierarchicalSwapLimit = stat["hierarchical_memsw_limit"u8],
        TotalCache = stat["total_cache"u8],
        TotalRss = stat["total_rss"u8],
        TotalRssHuge = stat["total_rss_huge"u8],
        TotalMappedFile = stat["total_mapped_file"u8],
        TotalDirty = stat["total_dirty"u8],
        TotalWriteback = stat["total_writeback"u8],
        TotalPgPgIn = stat["total_pgpgin"u8],
        TotalPgPgOut = stat["total_pgpgout"u8],
        TotalPgFault = stat["total_pgfault"u8],
        TotalPgMajFault = stat["total_pgmajfault"u8],
        TotalInactiveAnon = stat["total_inactive_anon"u8],
        TotalActiveAnon = stat["total_active_anon"u8],
        TotalInactiveFile = stat["total_inactive_file"u8],
        TotalActiveFile = stat["total_active_file"u8],
        TotalUnevictable = stat["total_unevictable"u8],
    };

    private static void AddHugePages(Metrics metrics, CgroupFiles files)
    {
        using CgroupFiles hugetlb = files;
        foreach (HugePageSize size in hugetlb.IsThere ? HugePageSize.All : [])
        {
            metrics.Hugetlb.Add(new HugetlbStat
            {
                Usage = hugetlb.Number(size.Usage),
                Max = hugetlb.Number(size.MaxUsage),
                Failcnt = hugetlb.Number(size.Failures),
                Pagesize = size.Name,
            });
        }
    }

    private static void AddRdma(Metrics metrics, CgroupFiles files)
    {
        using CgroupFiles rdma = files;
        if (rdma.IsThere)
        {
            metrics.Rdma = new RdmaStat();
            AddRdma(metrics.Rdma.Current, rdma.Read("rdma.current"));
            AddRdma(metrics.Rdma.Limit, rdma.Read("rdma.max"));
        }
    }

    private static void AddRdma(RepeatedField<RdmaEntry> entries, ReadOnlySpan<byte> text)
    {
        while (RdmaUse.TryTake(ref text, out RdmaUse use))
        {
            entries.Add(new RdmaEntry { Device = use.Device, HcaHandles = use.Handles, HcaObjects = use.Objects });
        }
    }
}
