using System.Globalization;

namespace ShimStack.Shim.Tasks;

/// <summary>
/// The cgroup of a container, found through its init once, right after Create: later the container may have moved its init
/// into a cgroup of its own making. See cgroups(7).
/// </summary>
internal sealed record ContainerCgroup(string Directory)
{
    private const string Root = "/sys/fs/cgroup";

    // Every runtime puts a container into one of these on a v1 machine; the first that is not the root tells where it is.
    private static readonly string[] Controllers = ["pids", "memory", "devices", "freezer", "cpu", "cpuacct", "cpu,cpuacct"];

    /// <summary>The cgroup of <paramref name="pid"/>, or null when it has gone or sits in the root.</summary>
    public static ContainerCgroup? Of(int pid)
    {
        try
        {
            string[] lines = File.ReadAllLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cgroup"));
            return FromLines(lines) is string directory ? new ContainerCgroup(directory) : null;
        }
        catch (IOException)
        {
            // The process has ended; its cgroup can no longer be asked for.
            return null;
        }
    }

    /// <summary>The directory that the lines of a /proc/PID/cgroup file name; null for the root.</summary>
    public static string? FromLines(IEnumerable<string> lines)
    {
        string? unified = null;
        string? v1 = null;
        foreach (string line in lines)
        {
            string[] parts = line.Split(':', 3);
            if (parts is not [_, string controllers, string path] || path == "/")
            {
                continue;
            }

            if (controllers.Length == 0)
            {
                unified = path;
            }
            else if (v1 is null && Controllers.Contains(controllers))
            {
                v1 = Path.Join(Root, controllers, path);
            }
        }

        return v1 ?? (unified is null ? null : Path.Join(Root, unified));
    }

    /// <summary>The pids of all processes in it and below it; empty when it is gone.</summary>
    public IReadOnlyList<int> Pids()
    {
        List<int> pids = [];
        Collect(Directory, pids);
        return pids;
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
