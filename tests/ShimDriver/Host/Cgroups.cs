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

    /// <summary>Removes the directories of the path, children first, and then those of its parent unless something else is in them.</summary>
    /// <param name="cgroupPath">Of at least two parts.</param>
    public static void Remove(string cgroupPath)
    {
        foreach (string directory in DirectoriesOf(cgroupPath))
        {
            RemoveTree(directory);
        }

        foreach (string parent in DirectoriesOf(Path.GetDirectoryName(cgroupPath)!))
        {
            RemoveIfEmpty(parent);
        }
    }

    /// <summary>Removes the directories of the path, of one part or more, and everything below them.</summary>
    public static void RemoveTrees(string cgroupPath)
    {
        foreach (string directory in DirectoriesOf(cgroupPath))
        {
            RemoveTree(directory);
        }
    }

    /// <summary>The processes of the path and of everything below it, each once for every hierarchy that has it.</summary>
    public static IEnumerable<int> ProcessesBelow(string cgroupPath) => DirectoriesOf(cgroupPath)
        .SelectMany(directory => Directory.EnumerateFiles(directory, "cgroup.procs", SearchOption.AllDirectories))
        .SelectMany(File.ReadLines)
        .Select(line => int.Parse(line, System.Globalization.CultureInfo.InvariantCulture));

    // rmdir(2) takes the files of a cgroup with it: they are not deleted one by one.
    private static void RemoveTree(string directory)
    {
        foreach (string child in Directory.GetDirectories(directory))
        {
            RemoveTree(child);
        }

        Directory.Delete(directory);
    }

    private static void RemoveIfEmpty(string directory)
    {
        try
        {
            Directory.Delete(directory);
        }
        catch (IOException) when (Directory.Exists(directory))
        {
            // EBUSY: containers of another session are in it.
        }
        catch (DirectoryNotFoundException)
        {
            // Another session was faster.
        }
    }
}
