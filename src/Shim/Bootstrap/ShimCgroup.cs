using System.Globalization;
using System.Text;
using ShimStack.Native;

namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// Puts the shim into the cgroup that the options name, so that its use is counted there and not with the daemon. See cgroups(7).
/// </summary>
internal static class ShimCgroup
{
    /// <summary>
    /// Moves a process to <paramref name="cgroup"/>: the one of the unified hierarchy, or the one of that name in every hierarchy of
    /// version 1.
    /// </summary>
    /// <exception cref="StartupException">There is no such cgroup, or the kernel refuses.</exception>
    public static void Join(string cgroup, int pid)
    {
        IReadOnlyList<string> directories = CgroupHierarchies.DirectoriesOf(cgroup, withUnified: false);
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
}
