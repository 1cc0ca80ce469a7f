namespace ShimStack.Native.Pipes;

/// <summary>Pipes and what can be asked of them (of FIFOs too).</summary>
public static unsafe class Pipe
{
    /// <summary>Makes a pipe; use <see cref="Files.Files.SetNonBlocking"/> on the end that is ours. See pipe2(2).</summary>
    public static PipePair Create()
    {
        int* ends = stackalloc int[2];
        Syscall.Check(LinuxCalls.pipe2(ends, LinuxCalls.O_CLOEXEC));
        return new PipePair(FileDescriptor.Take(ends[0]), FileDescriptor.Take(ends[1]));
    }

    /// <summary>How many bytes wait to be read; does not allocate. See pipe(7), FIONREAD.</summary>
    public static int BytesReadable(FileDescriptor fd)
    {
        int count;
        Syscall.Check(LinuxCalls.ioctl(fd, LinuxCalls.FIONREAD, &count));
        return count;
    }

    /// <summary>How many bytes the pipe holds at most. See fcntl(2), F_GETPIPE_SZ.</summary>
    public static int Size(FileDescriptor fd) => Syscall.Check(LinuxCalls.fcntl(fd, LinuxCalls.F_GETPIPE_SZ, 0));

    /// <summary>
    /// Sets what the pipe holds to at least <paramref name="bytes"/>; false if the kernel does not allow it (EPERM, EBUSY) or it is no pipe
    /// (EBADF). See fcntl(2), F_SETPIPE_SZ.
    /// </summary>
    public static bool TrySetSize(FileDescriptor fd, int bytes)
    {
        int result = LinuxCalls.fcntl(fd, LinuxCalls.F_SETPIPE_SZ, bytes);
        if (result == -1 && Syscall.LastErrno is (Errno.EPERM or Errno.EBUSY or Errno.EBADF))
        {
            return false;
        }

        Syscall.Check(result, null, "fcntl");
        return true;
    }
}
