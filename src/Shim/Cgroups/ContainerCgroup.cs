using System.Globalization;
using System.Text;
using Google.Protobuf;
using ShimStack.Native;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Cgroups;

/// <summary>
/// Where a container is counted, found through its init once, right after Create: later the container may have moved its init
/// into a cgroup of its own making. One directory for everything on version 2; on version 1, also beside a version 2 tree that
/// carries nothing of it, one for each controller. See cgroups(7).
/// </summary>
internal sealed class ContainerCgroup
{
    // What is read or counted there. Every runtime puts a container into the first of these that the machine has.
    private static readonly string[] Controllers = ["pids", "memory", "devices", "freezer", "cpu", "cpuacct", "blkio", "hugetlb", "rdma"];

    private readonly (string Controller, string Directory)[] _places;

    private ContainerCgroup((string Controller, string Directory)[] places, ReadOnlyMemory<byte> oomSeen = default)
    {
        _places = places;
        Oom = new OomCounter(DirectoryOf("memory"), IsUnified ? OomCounter.FileV2 : OomCounter.FileV1, oomSeen);
    }

    /// <summary>Whether it is of version 2.</summary>
    public bool IsUnified => _places[0].Controller.Length == 0;

    /// <summary>The directory whose processes are those of the container.</summary>
    public string Directory => _places[0].Directory;

    /// <summary>Its count of out-of-memory kills.</summary>
    public OomCounter Oom { get; }

    /// <summary>The one directory of a cgroup of version 2.</summary>
    public static ContainerCgroup Unified(string directory) => new([(string.Empty, directory)]);

    /// <summary>The directories of the controllers of version 1, of which there is one at least.</summary>
    public static ContainerCgroup Split(params (string Controller, string Directory)[] places) => new(places);

    /// <summary>The cgroup of <paramref name="pid"/>, or null when it has gone or sits in the root.</summary>
    public static ContainerCgroup? Of(int pid)
    {
        byte[]? lines;
        try
        {
            lines = SmallFile.TryReadAll(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cgroup"));
        }
        catch (SyscallException e) when (e.Errno == Errno.ESRCH)
        {
            // It was reaped between open and read.
            return null;
        }

        return lines is null ? null : FromLines(Encoding.UTF8.GetString(lines), new CgroupMounts().DirectoryOf);
    }

    /// <summary>What the lines of a /proc/PID/cgroup file name; null for the root.</summary>
    /// <param name="lines">Each "hierarchy:controllers:path"; no controllers are version 2.</param>
    /// <param name="directoryOf">The directory of a path in the hierarchy of these controllers, null where there is none.</param>
    public static ContainerCgroup? FromLines(string lines, Func<string, string, string?> directoryOf)
    {
        string? unified = null;
        List<(string, string)> places = [];
        foreach (string line in lines.Split('\n'))
        {
            if (line.Split(':', 3) is not [_, string names, string path] || path == "/")
            {
                continue;
            }

            if (names.Length == 0)
            {
                unified = path;
            }
            else if (Array.FindAll(names.Split(','), static name => Array.IndexOf(Controllers, name) >= 0) is { Length: > 0 } known
                && directoryOf(names, path) is string directory)
            {
                places.AddRange(Array.ConvertAll(known, name => (name, directory)));
            }
        }

        places.Sort(static (a, b) => Array.IndexOf(Controllers, a.Item1) - Array.IndexOf(Controllers, b.Item1));
        return places.Count > 0 ? new ContainerCgroup([.. places])
            : unified is not null && directoryOf(string.Empty, unified) is string whole ? Unified(whole)
            : null;
    }

    /// <summary>Where <paramref name="controller"/> counts the container; null where it does not.</summary>
    public string? DirectoryOf(string controller)
    {
        foreach ((string name, string directory) in _places)
        {
            if (name.Length == 0 || name == controller)
            {
                return directory;
            }
        }

        return null;
    }

    /// <summary>The pids of all processes in it and below it; empty when it is gone.</summary>
    public IReadOnlyList<int> Pids()
    {
        List<int> pids = [];
        Collect(Directory, pids);
        return pids;
    }

    public CgroupRecord ToRecord()
    {
        CgroupRecord record = new() { OomSeen = ByteString.CopyFrom(Oom.Seen.Span) };
        foreach ((string controller, string directory) in _places)
        {
            record.Places.Add(new CgroupPlace { Controller = controller, Directory = directory });
        }

        return record;
    }

    public static ContainerCgroup? From(CgroupRecord? record)
    {
        if (record is not { Places.Count: > 0 })
        {
            return null;
        }

        var places = new (string, string)[record.Places.Count];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = (record.Places[i].Controller, record.Places[i].Directory);
        }

        return new ContainerCgroup(places, record.OomSeen.Memory);
    }

    private static void Collect(string directory, List<int> pids)
    {
        try
        {
            foreach (string line in File.ReadLines(Path.Join(directory, "cgroup.procs")))
            {
                pids.Add(int.Parse(line, CultureInfo.InvariantCulture));
            }

            foreach (string child in System.IO.Directory.EnumerateDirectories(directory))
            {
                Collect(child, pids);
            }
        }
        catch (IOException)
        {
            // A cgroup may go at any moment, and then has no processes.
        }
    }
}
