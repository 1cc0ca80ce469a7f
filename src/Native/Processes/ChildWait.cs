namespace ShimStack.Native.Processes;

/// <summary>Takes the ends of children. One owner per process: whoever calls this takes everybody's.</summary>
public static unsafe class ChildWait
{
    /// <summary>Reaps one child that has ended; false if none has, or if there is no child. Never waits. See waitid(2).</summary>
    public static bool TryNext(out ChildExit exit)
    {
        ChildInfo info = default;
        int result;
        do
        {
            result = LinuxCalls.waitid(LinuxCalls.P_ALL, 0, &info, LinuxCalls.WEXITED | LinuxCalls.WNOHANG);
        }
        while (Syscall.Interrupted(result));
        exit = info.ToExit();
        if (result == -1 && Syscall.LastErrno == Errno.ECHILD)
        {
            return false;
        }

        Syscall.Check(result, null, "waitid");
        return info.Pid != 0;
    }

    /// <summary>Whether it is a child of ours that was not reaped yet, alive or not. Reaps nothing. See waitid(2), WNOWAIT.</summary>
    public static bool IsChild(int pid)
    {
        ChildInfo info = default;
        int result;
        do
        {
            result = LinuxCalls.waitid(LinuxCalls.P_PID, pid, &info, LinuxCalls.WEXITED | LinuxCalls.WNOHANG | LinuxCalls.WNOWAIT);
        }
        while (Syscall.Interrupted(result));
        return result == 0;
    }
}
