using System.Globalization;
using System.Text;
using ShimStack.Native;
using ShimStack.Native.Processes;

namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// The shim is a little more likely to be chosen by the out-of-memory killer than the daemon. See proc_pid_oom_score_adj(5).
/// </summary>
internal static class OomScore
{
    private const int Lowest = -1000;
    private const int Highest = 1000;

    /// <summary>Gives <paramref name="pid"/> the score next above that of <paramref name="daemon"/>.</summary>
    /// <exception cref="SyscallException">The kernel refuses, and not because this process may not.</exception>
    public static void Set(int pid, int daemon)
    {
        string score = Encoding.ASCII.GetString(SmallFile.ReadAll($"/proc/{daemon}/oom_score_adj")).TrimEnd();
        int next = Next(int.Parse(score, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
        try
        {
            SmallFile.Write($"/proc/{pid}/oom_score_adj", Encoding.ASCII.GetBytes(next.ToString(CultureInfo.InvariantCulture)));
        }
        catch (SyscallException e) when (e.Errno is Errno.EPERM or Errno.EACCES && !IsPrivileged())
        {
            // Lowering a score needs privileges of the first user namespace; the shim works without.
        }
    }

    /// <summary>The shim's score for a daemon with <paramref name="score"/>.</summary>
    public static int Next(int score) => Math.Clamp(score + 1, Lowest, Highest);

    private static bool IsPrivileged() => CurrentProcess.EffectiveUserId == 0 && !UserNamespace.IsInside();
}
