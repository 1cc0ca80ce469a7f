using System.Globalization;
using System.Text;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Mounts;

namespace ShimStack.Shim.Bootstrap;

/// <summary>Puts the shim into the cgroup that the options name, so that its use is counted there and not with the daemon. See cgroups(7).</summary>
internal static class ShimCgroup
{
    private const string Root = "/sys/fs/cgroup";
    private const long Cgroup2Magic = 0x63677270; // statfs(2)

    /// <summary>Moves a process to <paramref name="cgroup"/>: the one of the unified hierarchy, or the one of that name in every hierarchy of version 1.</summary>
    /// <exception cref="StartupException">There is no such cgroup, or the kernel refuses.</exception>
    public static void Join(string cgroup, int pid)
    {
        List<string> directories = DirectoriesOf(cgroup);
        if (directories.Count == 0)
        {
            throw new StartupException($"failed to load cgroup {cgroup}: no hierarchy has it");
        }
        byte[] text = Encoding.ASCII.GetBytes(pid.ToString(CultureInfo.InvariantCulture));
        foreach (string directory in directories)
        {
            try
            {
                SmallFile.Write(directory + "/cgroup.procs", text);
            }
            catch (SyscallException e)
            {
                throw new StartupException($"failed to join cgroup {cgroup}: {e.Message}", e);
            }
        }
    }

    private static List<string> DirectoriesOf(string cgroup)
    {
        // Rooted before it is cleaned: no ".." leads out of the hierarchy.
        string relative = GoPath.Clean("/" + cgroup);
        var found = new List<string>();
        foreach (string hierarchy in Hierarchies())
        {
            if (Files.TryStatus(hierarchy + relative) is { Type: FileType.Directory })
            {
                found.Add(hierarchy + relative);
            }
        }
        return found;
    }

    private static List<string> Hierarchies()
    {
        if (FileSystem.TypeOf(Root) == Cgroup2Magic)
        {
            return [Root];
        }
        var found = new List<string>();
        foreach (MountEntry mount in MountTable.Read())
        {
            if (mount.FileSystemType == "cgroup")
            {
                found.Add(mount.MountPoint);
            }
        }
        return found;
    }
}
