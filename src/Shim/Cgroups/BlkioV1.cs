using System.Text;
using Google.Protobuf.Collections;
using ShimStack.Api.CgroupsV1;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Cgroups;

/// <summary>
/// Block I/O of a cgroup of version 1. The scheduler CFQ, gone since Linux 5.0, counted the most; where its files are missing or
/// empty there are the two of the throttling layer. Contract chapter 8.5.
/// </summary>
internal static class BlkioV1
{
    /// <summary>The requests by device and kind; null where the controller does not count the container.</summary>
    public static BlkIOStat? Read(CgroupFiles files)
    {
        using CgroupFiles blkio = files;
        if (!blkio.IsThere)
        {
            return null;
        }

        BlkIOStat stat = new();
        Add(stat.IoServiceBytesRecursive, blkio.Read("blkio.io_service_bytes_recursive"));
        Add(stat.IoServicedRecursive, blkio.Read("blkio.io_serviced_recursive"));
        Add(stat.IoQueuedRecursive, blkio.Read("blkio.io_queued_recursive"));
        Add(stat.IoServiceTimeRecursive, blkio.Read("blkio.io_service_time_recursive"));
        Add(stat.IoWaitTimeRecursive, blkio.Read("blkio.io_wait_time_recursive"));
        Add(stat.IoMergedRecursive, blkio.Read("blkio.io_merged_recursive"));
        Add(stat.IoTimeRecursive, blkio.Read("blkio.time_recursive"));
        Add(stat.SectorsRecursive, blkio.Read("blkio.sectors_recursive"));
        if (stat.IoServicedRecursive.Count == 0)
        {
            stat.IoServiceBytesRecursive.Clear();
            Add(stat.IoServiceBytesRecursive, blkio.Read("blkio.throttle.io_service_bytes"));
            Add(stat.IoServicedRecursive, blkio.Read("blkio.throttle.io_serviced"));
        }

        NameDevices(stat);
        return stat;
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
                names.TryAdd((KernelNumber.Parse(major), KernelNumber.Parse(minor)), "/dev/" + Encoding.UTF8.GetString(name));
            }
        }

        return names;
    }

    // "8:0 Read 4096", or without a kind; the last line, the total of all devices, has no device and is left out.
    private static void Add(RepeatedField<BlkIOEntry> entries, ReadOnlySpan<byte> text)
    {
        while (TextLines.TryTake(ref text, out ReadOnlySpan<byte> line))
        {
            if (TextLines.TryTakeDevice(ref line, out (ulong Major, ulong Minor) device) && TextLines.TryTakeWord(ref line, out ReadOnlySpan<byte> first))
            {
                bool hasKind = TextLines.TryTakeWord(ref line, out ReadOnlySpan<byte> second);
                entries.Add(new BlkIOEntry
                {
                    Op = hasKind ? Encoding.ASCII.GetString(first) : string.Empty,
                    Major = device.Major,
                    Minor = device.Minor,
                    Value = KernelNumber.Parse(hasKind ? second : first),
                });
            }
        }
    }

    private static void NameDevices(BlkIOStat stat)
    {
        Dictionary<(ulong, ulong), string>? names = null;
        foreach (RepeatedField<BlkIOEntry> entries in (RepeatedField<BlkIOEntry>[])
            [stat.IoServiceBytesRecursive, stat.IoServicedRecursive, stat.IoQueuedRecursive, stat.IoServiceTimeRecursive,
             stat.IoWaitTimeRecursive, stat.IoMergedRecursive, stat.IoTimeRecursive, stat.SectorsRecursive])
        {
            foreach (BlkIOEntry entry in entries)
            {
                names ??= DeviceNames(SmallFile.TryReadAll("/proc/partitions"));
                entry.Device = names.GetValueOrDefault((entry.Major, entry.Minor), string.Empty);
            }
        }
    }
}
