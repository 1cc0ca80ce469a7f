using ShimStack.Native.Files;
using ShimStack.Native.Mounts;

namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// Where cgroups are on this machine: one tree (version 2), or one for each controller (version 1), perhaps with one of version 2 beside
/// them. See cgroups(7).
/// </summary>
internal static class CgroupHierarchies
{
    private const string Root = "/sys/fs/cgroup";
    private const long Cgroup2Magic = 0x63677270; // statfs(2)

    /// <summary>The directories of one cgroup, in every hierarchy that has it.</summary>
    /// <param name="cgroup">The cgroup's path; rooted and cleaned here, so that no ".." leads out.</param>
    /// <param name="withUnified">Whether a tree of version 2 beside those of version 1 counts.</param>
    public static IReadOnlyList<string> DirectoriesOf(string cgroup, bool withUnified)
    {
        string relative = GoPath.Clean("/" + cgroup);
        var found = new List<string>();
        foreach (string hierarchy in Find(withUnified))
        {
            if (Files.TryStatus(hierarchy + relative) is { Type: FileType.Directory })
            {
                found.Add(hierarchy + relative);
            }
        }
        return found;
    }

    private static List<string> Find(bool withUnified)
    {
        if (FileSystem.TypeOf(Root) == Cgroup2Magic)
        {
            return [Root];
        }
        var found = new List<string>();
        foreach (MountEntry mount in MountTable.Read())
        {
            if (mount.FileSystemType == "cgroup" || (withUnified && mount.FileSystemType == "cgroup2"))
            {
                found.Add(mount.MountPoint);
            }
        }
        return found;
    }
}
