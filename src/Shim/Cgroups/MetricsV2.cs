using Google.Protobuf.Collections;
using ShimStack.Api.CgroupsV2;

namespace ShimStack.Shim.Cgroups;

/// <summary>
/// What the kernel counts in a cgroup of version 2, as containerd's newest layout has it: contract chapters 2.16 and 8.4. What is
/// missing is 0, "max" the largest number; pressure and memory events are there only if their file is.
/// </summary>
internal static class MetricsV2
{
    /// <summary>Everything of a cgroup.</summary>
    /// <param name="files">Its directory.</param>
    /// <param name="lastEvents">What stood in its memory.events when it was last looked at, for the case that it is gone.</param>
    public static Metrics Read(ref CgroupFiles files, ReadOnlySpan<byte> lastEvents)
    {
        Metrics metrics = new()
        {
            Pids = new PidsStat { Current = files.Number("pids.current"), Limit = files.Number("pids.max") },
            Cpu = Cpu(ref files),
            Memory = Memory(ref files),
            Rdma = new RdmaStat(),
            Io = new IOStat(),
            MemoryEvents = Events(files.IsThere ? files.Read("memory.events") : lastEvents),
        };
        AddRdma(metrics.Rdma.Current, files.Read("rdma.current"));
        AddRdma(metrics.Rdma.Limit, files.Read("rdma.max"));
        AddUsage(metrics.Io, files.Read("io.stat"));
        metrics.Io.Psi = Pressure(files.Read("io.pressure"));
        AddHugePages(metrics, ref files);
        return metrics;
    }

    private static CPUStat Cpu(ref CgroupFiles files)
    {
        FlatKeys stat = new(files.Read("cpu.stat"));
        CPUStat cpu = new()
        {
            UsageUsec = stat["usage_usec"u8],
            UserUsec = stat["user_usec"u8],
            SystemUsec = stat["system_usec"u8],
            NrPeriods = stat["nr_periods"u8],
            NrThrottled = stat["nr_throttled"u8],
            ThrottledUsec = stat["throttled_usec"u8],
            NrBursts = stat["nr_bursts"u8],
            BurstUsec = stat["burst_usec"u8],
        };
        cpu.Psi = Pressure(files.Read("cpu.pressure"));
        return cpu;
    }

    private static MemoryStat Memory(ref CgroupFiles files)
    {
        MemoryStat memory = MemoryOf(new FlatKeys(files.Read("memory.stat")));
        memory.Usage = files.Number("memory.current");
        memory.UsageLimit = files.Number("memory.max");
        memory.MaxUsage = files.Number("memory.peak");
        memory.SwapUsage = files.Number("memory.swap.current");
        memory.SwapLimit = files.Number("memory.swap.max");
        memory.SwapMaxUsage = files.Number("memory.swap.peak");
        memory.Psi = Pressure(files.Read("memory.pressure"));
        return memory;
    }

    // In the order of the kernel's lines, so that the text is gone over about once.
    private static MemoryStat MemoryOf(FlatKeys stat) => new()
    {
        Anon = stat["anon"u8],
        File = stat["file"u8],
        KernelStack = stat["kernel_stack"u8],
        Sock = stat["sock"u8],
        Shmem = stat["shmem"u8],
        FileMapped = stat["file_mapped"u8],
        FileDirty = stat["file_dirty"u8],
        FileWriteback = stat["file_writeback"u8],
        AnonThp = stat["anon_thp"u8],
        InactiveAnon = stat["inactive_anon"u8],
        ActiveAnon = stat["active_anon"u8],
        InactiveFile = stat["inactive_file"u8],
        ActiveFile = stat["active_file"u8],
        Unevictable = stat["unevictable"u8],
        SlabReclaimable = stat["slab_reclaimable"u8],
        SlabUnreclaimable = stat["slab_unreclaimable"u8],
        Slab = stat["slab"u8],

        // Since Linux 5.9 two lines each, for anonymous memory and for files.
        WorkingsetRefault = stat["workingset_refault"u8] + stat["workingset_refault_anon"u8] + stat["workingset_refault_file"u8],
        WorkingsetActivate = stat["workingset_activate"u8] + stat["workingset_activate_anon"u8] + stat["workingset_activate_file"u8],
        WorkingsetNodereclaim = stat["workingset_nodereclaim"u8],
        Pgscan = stat["pgscan"u8],
        Pgsteal = stat["pgsteal"u8],
        Pgfault = stat["pgfault"u8],
        Pgmajfault = stat["pgmajfault"u8],
        Pgrefill = stat["pgrefill"u8],
        Pgactivate = stat["pgactivate"u8],
        Pgdeactivate = stat["pgdeactivate"u8],
        Pglazyfree = stat["pglazyfree"u8],
        Pglazyfreed = stat["pglazyfreed"u8],
        ThpFaultAlloc = stat["thp_fault_alloc"u8],
        ThpCollapseAlloc = stat["thp_collapse_alloc"u8],
    };

    private static MemoryEvents? Events(ReadOnlySpan<byte> text)
    {
        FlatKeys events = new(text);
        return text.IsEmpty ? null : new MemoryEvents
        {
            Low = events["low"u8],
            High = events["high"u8],
            Max = events["max"u8],
            Oom = events["oom"u8],
            OomKill = events["oom_kill"u8],
            OomGroupKill = events["oom_group_kill"u8],
        };
    }

    // "some avg10=0.00 avg60=0.00 avg300=0.00 total=0", and the same for "full"; see proc_pressure(5).
    private static PSIStats? Pressure(ReadOnlySpan<byte> text)
    {
        PSIStats? pressure = null;
        while (TextLines.TryTake(ref text, out ReadOnlySpan<byte> line))
        {
            pressure ??= new PSIStats();
            PSIData data = new()
            {
                Avg10 = KernelNumber.ParseHundredths(TextLines.Value(line, " avg10="u8)),
                Avg60 = KernelNumber.ParseHundredths(TextLines.Value(line, " avg60="u8)),
                Avg300 = KernelNumber.ParseHundredths(TextLines.Value(line, " avg300="u8)),
                Total = KernelNumber.Parse(TextLines.Value(line, " total="u8)),
            };
            if (line.StartsWith("some "u8))
            {
                pressure.Some = data;
            }
            else if (line.StartsWith("full "u8))
            {
                pressure.Full = data;
            }
        }

        return pressure;
    }

    // "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0"; a device without a request yet has its number alone.
    private static void AddUsage(IOStat io, ReadOnlySpan<byte> text)
    {
        while (TextLines.TryTake(ref text, out ReadOnlySpan<byte> line))
        {
            ReadOnlySpan<byte> fields = line;
            if (!TextLines.TryTakeDevice(ref fields, out (ulong Major, ulong Minor) device) || fields.IsEmpty)
            {
                continue;
            }

            io.Usage.Add(new IOEntry
            {
                Major = device.Major,
                Minor = device.Minor,
                Rbytes = KernelNumber.Parse(TextLines.Value(line, " rbytes="u8)),
                Wbytes = KernelNumber.Parse(TextLines.Value(line, " wbytes="u8)),
                Rios = KernelNumber.Parse(TextLines.Value(line, " rios="u8)),
                Wios = KernelNumber.Parse(TextLines.Value(line, " wios="u8)),
            });
        }
    }

    private static void AddRdma(RepeatedField<RdmaEntry> entries, ReadOnlySpan<byte> text)
    {
        while (RdmaUse.TryTake(ref text, out RdmaUse use))
        {
            entries.Add(new RdmaEntry { Device = use.Device, HcaHandles = use.Handles, HcaObjects = use.Objects });
        }
    }

    private static void AddHugePages(Metrics metrics, ref CgroupFiles files)
    {
        foreach (HugePageSize size in HugePageSize.All)
        {
            FlatKeys events = new(files.Read(size.Events));
            metrics.Hugetlb.Add(new HugeTlbStat
            {
                Current = files.Number(size.Current),
                Max = files.Number(size.Max),
                Pagesize = size.Name,
                Failcnt = events["max"u8],
            });
        }
    }
}
