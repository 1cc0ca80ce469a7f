using System.Text;
using ShimStack.Native;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Cgroups;

/// <summary>
/// Makes a cgroup of version 2 have the files of every controller, also where nobody set a limit: each level above it has to hand
/// the controllers down. See cgroups(7), "cgroup.subtree_control"; contract chapter 8.3.
/// </summary>
internal static class CgroupControllers
{
    private const string Available = "cgroup.controllers";
    private const string HandedDown = "cgroup.subtree_control";

    /// <summary>
    /// What has to be written where, from the root down, so that <paramref name="directory"/> has all that <paramref name="root"/>
    /// has; empty where that is so already, as a runtime leaves it as a rule.
    /// </summary>
    public static IReadOnlyList<(string File, string Text)> Missing(string root, string directory)
    {
        string[] wanted = Words(Path.Join(root, Available));
        List<(string, string)> writes = [];
        foreach (string level in LevelsAbove(root, directory))
        {
            string file = Path.Join(level, HandedDown);
            string[] there = Words(file);
            string[] lacking = Array.FindAll(wanted, name => Array.IndexOf(there, name) < 0);
            if (lacking.Length > 0)
            {
                writes.Add((file, "+" + string.Join(" +", lacking)));
            }
        }

        return writes;
    }

    /// <summary>
    /// Writes it, all levels whatever becomes of those above them: what a level refuses, others may have. May wait long for the
    /// kernel, which stops the whole tree for it.
    /// </summary>
    /// <exception cref="SyscallException">The last level refused.</exception>
    public static void Write(IReadOnlyList<(string File, string Text)> writes)
    {
        SyscallException? last = null;
        foreach ((string file, string text) in writes)
        {
            try
            {
                SmallFile.Write(file, Encoding.ASCII.GetBytes(text));
                last = null;
            }
            catch (SyscallException e)
            {
                last = e;
            }
        }

        if (last is not null)
        {
            throw last;
        }
    }

    /// <summary>The root and everything below it that <paramref name="directory"/> is in, itself not.</summary>
    public static IEnumerable<string> LevelsAbove(string root, string directory)
    {
        if (!directory.StartsWith(root + "/", StringComparison.Ordinal))
        {
            yield break;
        }

        for (int slash = root.Length; slash >= 0; slash = directory.IndexOf('/', slash + 1))
        {
            yield return directory[..slash];
        }
    }

    private static string[] Words(string file)
    {
        try
        {
            byte[] text = SmallFile.TryReadAll(file) ?? [];
            return Encoding.ASCII.GetString(text).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        }
        catch (SyscallException e) when (e.Errno == Errno.ENODEV)
        {
            // The cgroup is being removed.
            return [];
        }
    }
}
