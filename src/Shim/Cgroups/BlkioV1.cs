using System.Text;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Cgroups;

/// <summary>
/// Block I/O of a cgroup of version 1, as a BlkIOStat. The scheduler CFQ, gone since Linux 5.0, counted the most; where its files
/// are missing or empty there are the two of the throttling layer. Contract chapter 8.5.
/// </summary>
internal static class BlkioV1
{
    private static readonly (int Field, string File)[] Scheduler =
    [
        (1, "blkio.io_service_bytes_recursive"), (2, "blkio.io_serviced_recursive"), (3, "blkio.io_queued_recursive"),
        (4, "blkio.io_service_time_recursive"), (5, "blkio.io_wait_time_recursive"), (6, "blkio.io_merged_recursive"),
        (7, "blkio.time_recursive"), (8, "blkio.sectors_recursive"),
    ];

    private static readonly (int Field, string File)[] Throttling = [(1, "blkio.throttle.io_service_bytes"), (2, "blkio.throttle.io_serviced")];

    /// <summary>The requests by device and kind; nothing where the controller does not count the container.</summary>
    public static void Write(ref MessageWriter to, int field, string? directory, Span<byte> buffer)
    {
        using CgroupFiles files = new(directory, buffer);
        if (!files.IsThere)
        {
            return;
        }

        int blkio = to.Begin(field);
        bool isCounted = HasDevice(files.Read(Scheduler[1].File));
        Dictionary<(ulong, ulong), string>? names = null;
        foreach ((int part, string file) in isCounted ? Scheduler : Throttling)
        {
            AddEntries(ref to, part, files.Read(file), ref names);
        }

        to.End(blkio);
    }

    /// <summary>The names of devices by their numbers, from the text of /proc/partitions: "   8        0   10485760 sda".</summary>
    public static Dictionary<(ulong Major, ulong Minor), string> DeviceNames(ReadOnlySpan<byte> partitions)
    {
        Dictionary<(ulong, ulong), string> names = [];
        while (TextLines.TryTake(ref partitions, out ReadOnlySpan<byte> line))
        {
            if (TextLines.TryTakeWord(ref line, out ReadOnlySpan<byte> major) && char.IsAsciiDigit((char)major[0])
                && TextLines.TryTakeWord(ref line, out ReadOnlySpan<byte> minor)
                && TextLines.TryTakeWord(ref line, out _) && TextLines.TryTakeWord(ref line, out ReadOnlySpan<byte> name))
            {
                names.TryAdd((KernelNumber.Parse(major), KernelNumber.Parse(minor)), "/dev/" + Encoding.ASCII.GetString(name));
            }
        }

        return names;
    }

    private static bool HasDevice(ReadOnlySpan<byte> text) =>
        TextLines.TryTake(ref text, out ReadOnlySpan<byte> line) && TextLines.TryTakeDevice(ref line, out _);

    // "8:0 Read 4096", or without a kind; the last line, the total of all devices, has no device and is left out.
    private static void AddEntries(
        ref MessageWriter to, int field, scoped ReadOnlySpan<byte> text, ref Dictionary<(ulong, ulong), string>? names)
    {
        while (TextLines.TryTake(ref text, out ReadOnlySpan<byte> line))
        {
            if (!TextLines.TryTakeDevice(ref line, out (ulong Major, ulong Minor) device)
                || !TextLines.TryTakeWord(ref line, out ReadOnlySpan<byte> first))
            {
                continue;
            }

            names ??= DeviceNames(SmallFile.TryReadAll("/proc/partitions"));
            bool hasKind = TextLines.TryTakeWord(ref line, out ReadOnlySpan<byte> second);
            int entry = to.Begin(field);
            to.Text(1, hasKind ? first : default);
            to.Text(2, names.GetValueOrDefault(device, string.Empty));
            to.Number(3, device.Major);
            to.Number(4, device.Minor);
            to.Number(5, KernelNumber.Parse(hasKind ? second : first));
            to.End(entry);
        }
    }
}
