namespace ShimStack.Native.Processes;

/// <summary>Holds on to one process, whatever becomes of its pid. See pidfd_open(2).</summary>
public sealed class PidDescriptor : IDisposable
{
    private PidDescriptor(FileDescriptor descriptor) => Descriptor = descriptor;

    /// <summary>Readable (EPOLLIN) from when the process has ended.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Holds the process that has <paramref name="pid"/> now; ESRCH says that there is none. See pidfd_open(2).</summary>
    public static PidDescriptor Open(int pid)
    {
        nint fd = LinuxCalls.syscall_pidfd_open(LinuxCalls.SYS_pidfd_open, pid, 0);
        return new(FileDescriptor.Take(Syscall.Check(fd, $"{pid}", "pidfd_open")));
    }

    /// <summary>Sends a signal by its number; ESRCH says that the process has ended. See pidfd_send_signal(2).</summary>
    public void Send(int signal)
    {
        nint result = LinuxCalls.syscall_pidfd_send_signal(LinuxCalls.SYS_pidfd_send_signal, Descriptor, signal, 0, 0);
        Syscall.Check(result, null, "pidfd_send_signal");
    }

    /// <summary>
    /// How the process ended, as <see cref="ChildExit.Status"/> says it, whoever its parent was; null while it was not reaped, and before
    /// Linux 6.15. See
    /// PIDFD_GET_INFO in linux/pidfd.h.
    /// </summary>
    public int? TryExitStatus() => TryWaitStatus() is int status ? ChildExit.Of(0, status).Status : null;

    /// <summary>The same as wait(2) has it.</summary>
    public unsafe int? TryWaitStatus()
    {
        PidInformation information = new() { Mask = PidInformation.ExitIsWanted };
        return LinuxCalls.ioctl(Descriptor, PidInformation.PIDFD_GET_INFO, &information) == 0 && (information.Mask & PidInformation.ExitIsWanted) != 0
            ? information.ExitCode
            : null;
    }

    public void Dispose() => Descriptor.Dispose();
}
