using System.Globalization;
using System.Text;
using ShimStack.Native;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Cgroups;

namespace ShimStack.Shim.Tasks;

/// <summary>Why a process does not end: what the kernel says of it, in words for a person.</summary>
internal static class ProcessCondition
{
    /// <summary>
    /// "it is frozen …", "it sleeps uninterruptibly in …", "it has ended …", "it is not a child of the shim"; null for a process that just runs.
    /// </summary>
    public static string? Of(int pid, ContainerCgroup? cgroup)
    {
        if (pid == 0)
        {
            return null;
        }

        string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}");
        if (TryRead($"{folder}/stat") is not string stat || StateAndParent(stat) is not (char state, int parent))
        {
            return "it has ended and was reaped";
        }

        return state switch
        {
            'Z' or 'X' => "it has ended and waits to be reaped",
            _ when Freezer.IsFrozen(cgroup) => $"it is frozen, with its cgroup {cgroup!.DirectoryOf("freezer")}",
            'D' => $"it sleeps uninterruptibly in {WaitChannel(folder)}",
            'T' or 't' => "it is stopped",
            _ when parent != Environment.ProcessId => $"it is not a child of the shim, but of {parent}",
            _ => null,
        };
    }

    /// <summary>State and parent in the line of a stat file, after a name that may hold anything. See proc_pid_stat(5).</summary>
    public static (char State, int Parent)? StateAndParent(string stat)
    {
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 1 && int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out int parent)
            ? (fields[0][0], parent)
            : null;
    }

    // Empty or 0 where the kernel does not tell.
    private static string WaitChannel(string folder) =>
        TryRead($"{folder}/wchan") is { Length: > 1 } channel ? channel : "a function that the kernel does not name";

    private static string? TryRead(string path)
    {
        try
        {
            return SmallFile.TryReadAll(path) is byte[] text ? Encoding.UTF8.GetString(text).TrimEnd() : null;
        }
        catch (SyscallException e) when (e.Errno is Errno.ESRCH or Errno.EACCES)
        {
            return null;
        }
    }
}
