using System.Globalization;
using ShimStack.Drill.Targets;
using ShimStack.Native.Mounts;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Running;

/// <summary>What of a drill is on the machine outside of its folder.</summary>
internal static class Machine
{
    /// <summary>Everything that descends from this process, deepest last; the drill is a subreaper, so nobody gets away.</summary>
    public static IReadOnlyList<int> Descendants()
    {
        Dictionary<int, List<int>> children = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                && ProcessStat.TryRead(pid) is ProcessStat stat)
            {
                (children.TryGetValue(stat.Parent, out List<int>? siblings) ? siblings : children[stat.Parent] = []).Add(pid);
            }
        }

        List<int> found = [];
        Queue<int> parents = new([CurrentProcess.Id]);
        while (parents.TryDequeue(out int parent))
        {
            foreach (int child in children.GetValueOrDefault(parent, []))
            {
                found.Add(child);
                parents.Enqueue(child);
            }
        }

        return found;
    }

    /// <summary>Mount points below the drill's folder and the bundles of its containers, the inner ones first.</summary>
    public static IReadOnlyList<string> Mounts(TargetPlaces places, IReadOnlyList<string> ids)
    {
        string[] folders = [places.Folder + "/", .. ids.Select(id => places.BundleOf(id) + "/")];
        return [.. MountTable.Read().Select(static entry => entry.MountPoint)
            .Where(path => Array.Exists(folders, folder => path.StartsWith(folder, StringComparison.Ordinal))).Reverse()];
    }

    /// <summary>Thaws all containers: what is frozen does not die before.</summary>
    public static void Thaw(TargetPlaces places)
    {
        foreach (string cgroup in Cgroups(places))
        {
            Write(Path.Combine(cgroup, "freezer.state"), "THAWED");
            Write(Path.Combine(cgroup, "cgroup.freeze"), "0");
        }
    }

    private static void Write(string file, string word)
    {
        if (File.Exists(file))
        {
            File.WriteAllText(file, word);
        }
    }

    /// <summary>The folders of the drill's cgroup in all hierarchies.</summary>
    public static IReadOnlyList<string> CgroupParents(TargetPlaces places) =>
    [
        .. MountTable.Read()
            .Where(static entry => entry.FileSystemType is "cgroup" or "cgroup2")
            .Select(entry => Path.Combine(entry.MountPoint, places.CgroupParent))
            .Where(Directory.Exists)
            .Distinct(),
    ];

    /// <summary>Those of containers, the inner ones first.</summary>
    public static IReadOnlyList<string> Cgroups(TargetPlaces places) =>
        [.. CgroupParents(places).SelectMany(static parent => Directory.EnumerateDirectories(parent, "*", SearchOption.AllDirectories))
            .Reverse()];
}
