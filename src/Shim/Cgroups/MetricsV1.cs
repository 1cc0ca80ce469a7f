using Google.Protobuf;

namespace ShimStack.Shim.Cgroups;

/// <summary>
/// What the kernel counts in the cgroups of version 1 of a container, one directory for each controller, written as
/// io.containerd.cgroups.v1.Metrics: contract chapters 2.15 and 8.5. The part of a controller is there if its directory is (that of
/// the CPUs always); a file that is missing counts as 0; network and cgroup_stats are never filled.
/// </summary>
internal static class MetricsV1
{
    // A memory.stat is 1.5 KB long; what is longer (many CPUs, many disks) gets memory of its own.
    private const int BufferLength = 4096;

    // USER_HZ is 100, a constant of the kernel's interface on the machines that we run on: see times(2).
    private const ulong NanosecondsInTick = 10_000_000;

    // The other fields of MemoryStat, four files each.
    private static readonly MemoryEntry[] MemoryEntries =
        [new(33, "memory"), new(34, "memory.memsw"), new(35, "memory.kmem"), new(36, "memory.kmem.tcp")];

    // Its fields 1 to 32.
    private static ReadOnlySpan<byte> MemoryKeys =>
        "cache rss rss_huge mapped_file dirty writeback pgpgin pgpgout pgfault pgmajfault "u8 +
        "inactive_anon active_anon inactive_file active_file unevictable hierarchical_memory_limit hierarchical_memsw_limit "u8 +
        "total_cache total_rss total_rss_huge total_mapped_file total_dirty total_writeback "u8 +
        "total_pgpgin total_pgpgout total_pgfault total_pgmajfault "u8 +
        "total_inactive_anon total_active_anon total_inactive_file total_active_file total_unevictable"u8;

    /// <summary>Everything of <paramref name="cgroup"/>; where it has gone, the out-of-memory kills that were seen last.</summary>
    public static ByteString Read(ContainerCgroup cgroup)
    {
        Span<byte> buffer = stackalloc byte[BufferLength];
        MessageWriter to = new(stackalloc byte[BufferLength]);
        AddHugePages(ref to, cgroup, buffer);
        AddPids(ref to, cgroup, buffer);
        AddCpu(ref to, cgroup, buffer);
        AddMemory(ref to, cgroup, buffer);
        BlkioV1.Write(ref to, 5, cgroup.DirectoryOf("blkio"), buffer);
        AddRdma(ref to, cgroup, buffer);
        return to.ToByteString();
    }

    private static void AddHugePages(ref MessageWriter to, ContainerCgroup cgroup, Span<byte> buffer)
    {
        using CgroupFiles files = new(cgroup.DirectoryOf("hugetlb"), buffer);
        foreach (HugePageSize size in files.IsThere ? HugePageSize.All : [])
        {
            int pages = to.Begin(1);
            to.Number(1, files.Number(size.Usage));
            to.Number(2, files.Number(size.MaxUsage));
            to.Number(3, files.Number(size.Failures));
            to.Text(4, size.Name);
            to.End(pages);
        }
    }

    private static void AddPids(ref MessageWriter to, ContainerCgroup cgroup, Span<byte> buffer)
    {
        using CgroupFiles files = new(cgroup.DirectoryOf("pids"), buffer);
        if (files.IsThere)
        {
            int pids = to.Begin(2);
            to.Number(1, files.Number("pids.current"));

            // No limit is 0 here, which is how this layout has always said it.
            ulong limit = files.Number("pids.max");
            to.Number(2, limit == ulong.MaxValue ? 0 : limit);
            to.End(pids);
        }
    }

    private static void AddCpu(ref MessageWriter to, ContainerCgroup cgroup, Span<byte> buffer)
    {
        int cpu = to.Begin(3);
        int usage = to.Begin(1);
        using (CgroupFiles files = new(cgroup.DirectoryOf("cpuacct"), buffer))
        {
            to.Number(1, files.Number("cpuacct.usage"));
            FlatKeys ticks = new(files.Read("cpuacct.stat"));
            to.Number(2, ticks["system"u8] * NanosecondsInTick);
            to.Number(3, ticks["user"u8] * NanosecondsInTick);
            ReadOnlySpan<byte> each = files.Read("cpuacct.usage_percpu").TrimEnd((byte)'\n');
            while (TextLines.TryTakeWord(ref each, out ReadOnlySpan<byte> nanoseconds))
            {
                to.Item(4, KernelNumber.Parse(nanoseconds));
            }
        }

        to.End(usage);
        int throttling = to.Begin(2);
        using (CgroupFiles files = new(cgroup.DirectoryOf("cpu"), buffer))
        {
            new FlatKeys(files.Read("cpu.stat")).Write(ref to, "nr_periods nr_throttled throttled_time"u8, firstField: 1);
        }

        to.End(throttling);
        to.End(cpu);
    }

    private static void AddMemory(ref MessageWriter to, ContainerCgroup cgroup, Span<byte> buffer)
    {
        using CgroupFiles files = new(cgroup.DirectoryOf("memory"), buffer);
        if (files.IsThere)
        {
            int memory = to.Begin(4);
            new FlatKeys(files.Read("memory.stat")).Write(ref to, MemoryKeys, firstField: 1);
            foreach (MemoryEntry entry in MemoryEntries)
            {
                entry.Write(ref to, in files);
            }

            to.End(memory);
        }

        AddOomControl(ref to, files.Read(OomCounter.FileV1), cgroup.Oom.Seen.Span);
    }

    private static void AddOomControl(ref MessageWriter to, ReadOnlySpan<byte> text, ReadOnlySpan<byte> lastSeen)
    {
        if (!text.IsEmpty || !lastSeen.IsEmpty)
        {
            int control = to.Begin(9);
            new FlatKeys(text.IsEmpty ? lastSeen : text).Write(ref to, "oom_kill_disable under_oom oom_kill"u8, firstField: 1);
            to.End(control);
        }
    }

    private static void AddRdma(ref MessageWriter to, ContainerCgroup cgroup, Span<byte> buffer)
    {
        using CgroupFiles files = new(cgroup.DirectoryOf("rdma"), buffer);
        if (files.IsThere)
        {
            int rdma = to.Begin(6);
            RdmaLines.Write(ref to, 1, files.Read("rdma.current"));
            RdmaLines.Write(ref to, 2, files.Read("rdma.max"));
            to.End(rdma);
        }
    }

    // The names of the files are made once, not for each Stats.
    private sealed class MemoryEntry(int field, string prefix)
    {
        private readonly string _limit = prefix + ".limit_in_bytes";
        private readonly string _usage = prefix + ".usage_in_bytes";
        private readonly string _max = prefix + ".max_usage_in_bytes";
        private readonly string _failures = prefix + ".failcnt";

        public void Write(ref MessageWriter to, in CgroupFiles files)
        {
            int entry = to.Begin(field);
            to.Number(1, files.Number(_limit));
            to.Number(2, files.Number(_usage));
            to.Number(3, files.Number(_max));
            to.Number(4, files.Number(_failures));
            to.End(entry);
        }
    }
}
