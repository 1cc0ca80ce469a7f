namespace ShimStack.Native.Processes;

/// <summary>
/// Signals by pid. A pid may be used again once its process is reaped: keep to children of ours, or use <see cref="PidDescriptor"/>.
/// </summary>
public static class ProcessSignals
{
    /// <summary>
    /// Sends a signal by its number; ESRCH says that there is no such process; a negative pid is a process group. See kill(2).
    /// </summary>
    public static void Send(int pid, int signal) => Syscall.Check(LinuxCalls.kill(pid, signal), $"{pid}");

    /// <summary>There is such a process, if only a zombie, or one that we may not signal. See kill(2).</summary>
    public static bool Exists(int pid)
    {
        Errno errno = LinuxCalls.kill(pid, 0) == 0 ? Errno.None : Syscall.LastErrno;
        return errno != Errno.ESRCH;
    }
}
