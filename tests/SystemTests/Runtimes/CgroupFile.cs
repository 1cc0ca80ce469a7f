using ShimStack.SystemTests.Daemons;

namespace ShimStack.SystemTests.Runtimes;

/// <summary>
/// The files of a process's cgroup, see cgroups(7), in the daemon's view of the machine: crun's tests mount hierarchies for the daemon only.
/// </summary>
internal static class CgroupFile
{
    /// <summary>The content of <paramref name="v1"/> in the controller's hierarchy, or of <paramref name="v2"/> where it has none.</summary>
    public static string Read(Stage stage, int pid, string controller, string v1, string v2)
    {
        string[][] lines = [.. File.ReadLines($"/proc/{pid}/cgroup").Select(line => line.Split(':', 3))];
        string[]? own = lines.FirstOrDefault(line => line[1].Split(',').Contains(controller));
        string root = $"/proc/{stage.Daemon.Pid}/root/sys/fs/cgroup";
        string path = own is null
            ? Path.Join(root, lines.Single(line => line[1].Length == 0)[2], v2)
            : Path.Join(root, own[1], own[2], v1);
        return File.ReadAllText(path).Trim();
    }
}
