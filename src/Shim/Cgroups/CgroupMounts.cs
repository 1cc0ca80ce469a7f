using ShimStack.Native.Files;
using ShimStack.Native.Mounts;

namespace ShimStack.Shim.Cgroups;

/// <summary>
/// From the path of a cgroup to its directory. Nearly always that is /sys/fs/cgroup, the hierarchy's name, the path; the table
/// of mounts, long on a busy machine, is read only where that directory does not exist: other mount points, the tree of
/// version 2 beside those of version 1, and a part of a hierarchy mounted as the whole, as in a container that runs containers.
/// See cgroups(7), proc_pid_mountinfo(5).
/// </summary>
internal sealed class CgroupMounts
{
    /// <summary>Where hierarchies are mounted; on a machine with version 2 alone the one tree itself.</summary>
    public const string Root = "/sys/fs/cgroup";

    private IReadOnlyList<MountEntry>? _mounts;

    /// <summary>
    /// The directory of <paramref name="path"/> in the hierarchy of these controllers (empty: version 2); null if there is none.
    /// </summary>
    public string? DirectoryOf(string controllers, string path)
    {
        string usual = Path.Join(Root, controllers, path);
        return IsDirectory(usual) ? usual : InTable(controllers, path);
    }

    /// <summary>
    /// The directory by a mount of the table, for a path as /proc/PID/cgroup shows it; null if the mount does not hold it.
    /// </summary>
    public static string? Below(MountEntry mount, string controllers, string path)
    {
        if (controllers.Length == 0 ? mount.FileSystemType != "cgroup2" : !Carries(mount, controllers))
        {
            return null;
        }

        string root = mount.Root == "/" ? string.Empty : mount.Root;
        bool holds = path.StartsWith(root, StringComparison.Ordinal) && (path.Length == root.Length || path[root.Length] == '/');
        return holds ? Path.Join(mount.MountPoint, path.AsSpan(root.Length)) : null;
    }

    private static bool Carries(MountEntry mount, string controllers) =>
        mount.FileSystemType == "cgroup" && mount.Options.Split(',').Contains(controllers.Split(',')[0]);

    private static bool IsDirectory(string path) => Files.TryStatus(path) is { Type: FileType.Directory };

    private string? InTable(string controllers, string path)
    {
        foreach (MountEntry mount in _mounts ??= MountTable.Read())
        {
            if (Below(mount, controllers, path) is string directory && IsDirectory(directory))
            {
                return directory;
            }
        }

        return null;
    }
}
