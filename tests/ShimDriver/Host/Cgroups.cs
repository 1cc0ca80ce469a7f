namespace ShimStack.ShimDriver.Host;

/// <summary>The directories of one cgroup path in all hierarchies (v1), or in the only one (v2).</summary>
public static class Cgroups
{
    private const string Root = "/sys/fs/cgroup";

    /// <summary>Existing directories of the path. Symbolic links to hierarchies are not followed.</summary>
    public static IReadOnlyList<string> DirectoriesOf(string cgroupPath)
    {
        string relative = cgroupPath.TrimStart('/');
        IEnumerable<string> hierarchies = new DirectoryInfo(Root).GetDirectories().Where(d => d.LinkTarget is null).Select(d => d.FullName);
        return [.. hierarchies.Append(Root).Select(hierarchy => Path.Combine(hierarchy, relative)).Where(Directory.Exists)];
    }

    /// <summary>Removes the directories of the path, children first, and then those of its parent where nothing else is left in them.</summary>
    public static void Remove(string cgroupPath)
    {
        foreach (string directory in DirectoriesOf(cgroupPath))
        {
            RemoveTree(directory);
            string parent = Path.GetDirectoryName(directory)!;
            if (Path.GetDirectoryName(cgroupPath) != "/" && Directory.Exists(parent) && Directory.GetDirectories(parent).Length == 0)
            {
                Directory.Delete(parent);
            }
        }
    }

    private static void RemoveTree(string directory)
    {
        foreach (string child in Directory.GetDirectories(directory))
        {
            RemoveTree(child);
        }

        Directory.Delete(directory); // rmdir(2): the files of a cgroup are not deleted one by one
    }
}
