namespace ShimStack.Shim.Cgroups;

/// <summary>
/// Block I/O of a cgroup of version 1, as a BlkIOStat. The scheduler CFQ, gone since Linux 5.0, counted the most; where its files
/// are missing or empty there are the two of the throttling layer. Contract chapter 8.5.
/// </summary>
internal static class BlkioV1
{
    private const int PartitionsLength = 4096;

    private static readonly (int Field, string File)[] Scheduler =
    [
        (2, "blkio.io_serviced_recursive"), (1, "blkio.io_service_bytes_recursive"), (3, "blkio.io_queued_recursive"),
        (4, "blkio.io_service_time_recursive"), (5, "blkio.io_wait_time_recursive"), (6, "blkio.io_merged_recursive"),
        (7, "blkio.time_recursive"), (8, "blkio.sectors_recursive"),
    ];

    private static readonly (int Field, string File)[] Throttling =
        [(2, "blkio.throttle.io_serviced"), (1, "blkio.throttle.io_service_bytes")];

    /// <summary>The requests by device and kind; nothing where the controller does not count the container.</summary>
    public static void Write(ref MessageWriter to, int field, string? directory, Span<byte> buffer)
    {
        using CgroupFiles files = new(directory, buffer);
        if (!files.IsThere)
        {
            return;
        }

        int blkio = to.Begin(field);
        (int Field, string File)[] counted = HasDevice(files.Read(Scheduler[0].File)) ? Scheduler : Throttling;
        if (HasDevice(files.Read(counted[0].File)))
        {
            using CgroupFiles proc = new("/proc", stackalloc byte[PartitionsLength]);
            ReadOnlySpan<byte> partitions = proc.Read("partitions");
            foreach ((int part, string file) in counted)
            {
                AddEntries(ref to, part, files.Read(file), partitions);
            }
        }

        to.End(blkio);
    }

    /// <summary>The name of a device in the text of /proc/partitions, "   8        0   10485760 sda"; empty where it is not.</summary>
    public static ReadOnlySpan<byte> NameOf((ulong Major, ulong Minor) device, ReadOnlySpan<byte> partitions)
    {
        while (TextLines.TryTake(ref partitions, out ReadOnlySpan<byte> line))
        {
            if (TextLines.TryTakeWord(ref line, out ReadOnlySpan<byte> major) && char.IsAsciiDigit((char)major[0])
                && KernelNumber.Parse(major) == device.Major
                && TextLines.TryTakeWord(ref line, out ReadOnlySpan<byte> minor) && KernelNumber.Parse(minor) == device.Minor
                && TextLines.TryTakeWord(ref line, out _) && TextLines.TryTakeWord(ref line, out ReadOnlySpan<byte> name))
            {
                return name;
            }
        }

        return default;
    }

    private static bool HasDevice(ReadOnlySpan<byte> text) =>
        TextLines.TryTake(ref text, out ReadOnlySpan<byte> line) && TextLines.TryTakeDevice(ref line, out _);

    // "8:0 Read 4096", or without a kind; the last line, the total of all devices, has no device and is left out.
    private static void AddEntries(ref MessageWriter to, int field, scoped ReadOnlySpan<byte> text, scoped ReadOnlySpan<byte> partitions)
    {
        (ulong, ulong)? named = null;
        scoped ReadOnlySpan<byte> name = default;
        while (TextLines.TryTake(ref text, out ReadOnlySpan<byte> line))
        {
            if (!TextLines.TryTakeDevice(ref line, out (ulong Major, ulong Minor) device)
                || !TextLines.TryTakeWord(ref line, out ReadOnlySpan<byte> first))
            {
                continue;
            }

            // The lines of one device follow each other.
            if (named != device)
            {
                named = device;
                name = NameOf(device, partitions);
            }

            bool hasKind = TextLines.TryTakeWord(ref line, out ReadOnlySpan<byte> second);
            int entry = to.Begin(field);
            to.Text(1, hasKind ? first : default);
            AddPath(ref to, name);
            to.Number(3, device.Major);
            to.Number(4, device.Minor);
            to.Number(5, KernelNumber.Parse(hasKind ? second : first));
            to.End(entry);
        }
    }

    private static void AddPath(ref MessageWriter to, scoped ReadOnlySpan<byte> name)
    {
        if (!name.IsEmpty)
        {
            Span<byte> path = stackalloc byte["/dev/"u8.Length + name.Length];
            "/dev/"u8.CopyTo(path);
            name.CopyTo(path["/dev/"u8.Length..]);
            to.Text(2, path);
        }
    }
}
