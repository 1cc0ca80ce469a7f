using Google.Protobuf;

namespace ShimStack.Shim.Cgroups;

/// <summary>
/// What the kernel counts in a cgroup of version 2, written as io.containerd.cgroups.v2.Metrics in its newest layout: contract
/// chapters 2.16 and 8.4. What is missing is 0, "max" the largest number; pressure and memory events are there only if their file
/// is; network is never filled.
/// </summary>
internal static class MetricsV2
{
    // A memory.stat of Linux 6 is 2 KB long; what is longer (many disks) gets memory of its own.
    private const int BufferLength = 4096;

    // The fields 1 to 31 of MemoryStat.
    private static ReadOnlySpan<byte> MemoryKeys =>
        "anon file kernel_stack slab sock shmem file_mapped file_dirty file_writeback anon_thp "u8 +
        "inactive_anon active_anon inactive_file active_file unevictable slab_reclaimable slab_unreclaimable "u8 +
        "pgfault pgmajfault workingset_refault workingset_activate workingset_nodereclaim "u8 +
        "pgrefill pgscan pgsteal pgactivate pgdeactivate pglazyfree pglazyfreed thp_fault_alloc thp_collapse_alloc"u8;

    /// <summary>Everything of <paramref name="cgroup"/>; of one that has gone, the memory events that were seen last.</summary>
    public static ByteString Read(ContainerCgroup cgroup)
    {
        using CgroupFiles files = new(cgroup.Directory, stackalloc byte[BufferLength]);
        MessageWriter to = new(stackalloc byte[BufferLength]);
        int pids = to.Begin(1);
        to.Number(1, files.Number("pids.current"));
        to.Number(2, files.Number("pids.max"));
        to.End(pids);
        AddCpu(ref to, in files);
        AddMemory(ref to, in files);
        AddRdma(ref to, in files);
        AddIo(ref to, in files);
        AddHugePages(ref to, in files);
        AddEvents(ref to, files.Read(OomCounter.FileV2), cgroup.Oom.Seen.Span);
        return to.ToByteString();
    }

    private static void AddCpu(ref MessageWriter to, in CgroupFiles files)
    {
        int cpu = to.Begin(2);
        FlatKeys stat = new(files.Read("cpu.stat"));
        stat.Write(ref to, "usage_usec user_usec system_usec nr_periods nr_throttled throttled_usec"u8, firstField: 1);
        stat.Write(ref to, "nr_bursts burst_usec"u8, firstField: 8);
        AddPressure(ref to, 7, files.Read("cpu.pressure"));
        to.End(cpu);
    }

    private static void AddMemory(ref MessageWriter to, in CgroupFiles files)
    {
        int memory = to.Begin(4);
        FlatKeys stat = new(files.Read("memory.stat"));
        stat.Write(ref to, MemoryKeys, firstField: 1);
        to.Number(32, files.Number("memory.current"));
        to.Number(33, files.Number("memory.max"));
        to.Number(34, files.Number("memory.swap.current"));
        to.Number(35, files.Number("memory.swap.max"));
        to.Number(36, files.Number("memory.peak"));
        to.Number(37, files.Number("memory.swap.peak"));
        AddPressure(ref to, 38, files.Read("memory.pressure"));
        to.End(memory);
    }

    private static void AddRdma(ref MessageWriter to, in CgroupFiles files)
    {
        int rdma = to.Begin(5);
        RdmaLines.Write(ref to, 1, files.Read("rdma.current"));
        RdmaLines.Write(ref to, 2, files.Read("rdma.max"));
        to.End(rdma);
    }

    // "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0"; a device without a request yet has its number alone.
    private static void AddIo(ref MessageWriter to, in CgroupFiles files)
    {
        int io = to.Begin(6);
        ReadOnlySpan<byte> text = files.Read("io.stat");
        while (TextLines.TryTake(ref text, out ReadOnlySpan<byte> line))
        {
            ReadOnlySpan<byte> fields = line;
            if (TextLines.TryTakeDevice(ref fields, out (ulong Major, ulong Minor) device) && !fields.IsEmpty)
            {
                int usage = to.Begin(1);
                to.Number(1, device.Major);
                to.Number(2, device.Minor);
                to.Number(3, KernelNumber.Parse(TextLines.Value(line, " rbytes="u8)));
                to.Number(4, KernelNumber.Parse(TextLines.Value(line, " wbytes="u8)));
                to.Number(5, KernelNumber.Parse(TextLines.Value(line, " rios="u8)));
                to.Number(6, KernelNumber.Parse(TextLines.Value(line, " wios="u8)));
                to.End(usage);
            }
        }

        AddPressure(ref to, 2, files.Read("io.pressure"));
        to.End(io);
    }

    private static void AddHugePages(ref MessageWriter to, in CgroupFiles files)
    {
        foreach (HugePageSize size in HugePageSize.All)
        {
            int pages = to.Begin(7);
            to.Number(1, files.Number(size.Current));
            to.Number(2, files.Number(size.Max));
            to.Text(3, size.Name);
            new FlatKeys(files.Read(size.Events)).Write(ref to, "max"u8, firstField: 4);
            to.End(pages);
        }
    }

    private static void AddEvents(ref MessageWriter to, ReadOnlySpan<byte> text, ReadOnlySpan<byte> lastSeen)
    {
        if (!text.IsEmpty || !lastSeen.IsEmpty)
        {
            int events = to.Begin(8);
            new FlatKeys(text.IsEmpty ? lastSeen : text).Write(ref to, "low high max oom oom_kill oom_group_kill"u8, firstField: 1);
            to.End(events);
        }
    }

    // "some avg10=0.00 avg60=0.00 avg300=0.00 total=0", and the same for "full"; see proc_pressure(5).
    private static void AddPressure(ref MessageWriter to, int field, scoped ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        int pressure = to.Begin(field);
        while (TextLines.TryTake(ref text, out ReadOnlySpan<byte> line))
        {
            if (line.StartsWith("some "u8) || line.StartsWith("full "u8))
            {
                int data = to.Begin(line[0] == 's' ? 1 : 2);
                to.Decimal(1, KernelNumber.ParseHundredths(TextLines.Value(line, " avg10="u8)));
                to.Decimal(2, KernelNumber.ParseHundredths(TextLines.Value(line, " avg60="u8)));
                to.Decimal(3, KernelNumber.ParseHundredths(TextLines.Value(line, " avg300="u8)));
                to.Number(4, KernelNumber.Parse(TextLines.Value(line, " total="u8)));
                to.End(data);
            }
        }

        to.End(pressure);
    }
}
