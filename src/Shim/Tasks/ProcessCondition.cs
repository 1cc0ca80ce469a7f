using System.Globalization;
using System.Text;
using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Cgroups;

namespace ShimStack.Shim.Tasks;

/// <summary>Why a process does not end: what the kernel says of it, in words for a person.</summary>
internal static class ProcessCondition
{
    private const string Unnamed = "a function that the kernel does not name";

    /// <summary>
    /// "it is frozen …", "it sleeps uninterruptibly in …", "it has ended …", "it is not a child of the shim"; null for a process that just runs.
    /// </summary>
    public static string? Of(int pid, ContainerCgroup? cgroup)
    {
        if (pid == 0)
        {
            return null;
        }

        if (ProcessStat.TryRead(pid) is not ProcessStat stat)
        {
            return "it has ended and was reaped";
        }

        return stat.State switch
        {
            'Z' or 'X' => "it has ended and waits to be reaped",
            _ when Freezer.IsFrozen(cgroup) => $"it is frozen, with its cgroup {cgroup!.DirectoryOf("freezer")}",
            'D' => $"it sleeps uninterruptibly in {WaitChannel(pid)}",
            'T' or 't' => "it is stopped",
            _ when stat.Parent != Environment.ProcessId => $"it is not a child of the shim, but of {stat.Parent}",
            _ => null,
        };
    }

    // Empty or 0 where the kernel does not tell.
    private static string WaitChannel(int pid)
    {
        try
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/wchan");
            return Encoding.UTF8.GetString(SmallFile.TryReadAll(path) ?? []) is { Length: > 1 } channel ? channel : Unnamed;
        }
        catch (SyscallException e) when (e.Errno is Errno.ESRCH or Errno.EACCES)
        {
            return Unnamed;
        }
    }
}
