namespace ShimStack.Native.Files;

/// <content>Open files: their locks, their other descriptors, their flags.</content>
public static unsafe partial class Files
{
    /// <summary>
    /// Takes the exclusive lock of an open file, which ends with its last descriptor; false if another has it. See flock(2).
    /// </summary>
    public static bool TryLock(FileDescriptor fd)
    {
        int result = LinuxCalls.flock(fd, LinuxCalls.LOCK_EX | LinuxCalls.LOCK_NB);
        if (result != 0 && Syscall.LastErrno == Errno.EAGAIN)
        {
            return false;
        }

        Syscall.Check(result, null, "flock");
        return true;
    }

    /// <summary>Another descriptor for the same open file. See fcntl(2), F_DUPFD_CLOEXEC.</summary>
    public static FileDescriptor Duplicate(FileDescriptor fd) =>
        FileDescriptor.Take(Syscall.Check(LinuxCalls.fcntl(fd, LinuxCalls.F_DUPFD_CLOEXEC, 0)));

    /// <summary>
    /// Makes the number <paramref name="target"/> (0, 1 or 2 as a rule) a copy of <paramref name="fd"/>, with O_CLOEXEC; what it was before
    /// is closed. See dup3(2).
    /// </summary>
    public static void DuplicateTo(FileDescriptor fd, int target)
    {
        int result;
        do
        {
            result = LinuxCalls.dup3(fd, target, LinuxCalls.O_CLOEXEC);
        }
        while (Syscall.Interrupted(result));
        Syscall.Check(result, null, "dup3");
    }

    /// <summary>Whether it is open in a program that takes our place by execve(2). See fcntl(2), F_SETFD.</summary>
    public static void SetInherited(FileDescriptor fd, bool on) => Syscall.Check(LinuxCalls.fcntl(fd, LinuxCalls.F_SETFD, on ? 0 : LinuxCalls.FD_CLOEXEC));

    /// <summary>Sets or clears O_NONBLOCK, which belongs to the open file and not to the descriptor. See fcntl(2), F_SETFL.</summary>
    public static void SetNonBlocking(FileDescriptor fd, bool on)
    {
        int flags = Syscall.Check(LinuxCalls.fcntl(fd, LinuxCalls.F_GETFL, 0));
        int wanted = on ? flags | (int)OpenFlags.O_NONBLOCK : flags & ~(int)OpenFlags.O_NONBLOCK;
        if (wanted != flags)
        {
            Syscall.Check(LinuxCalls.fcntl(fd, LinuxCalls.F_SETFL, wanted));
        }
    }
}
