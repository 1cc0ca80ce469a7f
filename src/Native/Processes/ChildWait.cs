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
}
