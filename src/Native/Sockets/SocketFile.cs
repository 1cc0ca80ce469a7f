namespace ShimStack.Native.Sockets;

/// <summary>What sockets in the file system have in common, whatever travels by them. All are non-blocking. See unix(7).</summary>
internal static unsafe class SocketFile
{
    /// <summary>A socket at <paramref name="path"/>; EADDRINUSE if the name is taken. See bind(2).</summary>
    internal static FileDescriptor Bind(string path, int type)
    {
        UnixAddress address = UnixAddress.Of(path);
        FileDescriptor socket = Create(type);
        try
        {
            Syscall.Check(LinuxCalls.bind(socket, &address, (uint)sizeof(UnixAddress)), path);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The same, and it listens. See listen(2).</summary>
    /// <param name="path">Of the socket.</param>
    /// <param name="type">SOCK_STREAM or SOCK_SEQPACKET.</param>
    /// <param name="mode">Set before anybody can connect; null for 0777 less the umask.</param>
    /// <param name="backlog">How many may wait to be accepted.</param>
    internal static FileDescriptor Listen(string path, int type, int? mode, int backlog)
    {
        FileDescriptor socket = Bind(path, type);
        try
        {
            if (mode is int bits)
            {
                Files.Files.SetMode(path, bits);
            }

            Syscall.Check(LinuxCalls.listen(socket, backlog), path);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects without waiting. See connect(2).</summary>
    internal static FileDescriptor Connect(string path, int type)
    {
        UnixAddress address = UnixAddress.Of(path);
        FileDescriptor socket = Create(type);
        int result = LinuxCalls.connect(socket, &address, (uint)sizeof(UnixAddress));
        if (result == -1)
        {
            SyscallException failure = new("connect", Syscall.LastErrno, path);
            socket.Dispose();
            throw failure;
        }

        return socket;
    }

    /// <summary>Two sockets connected to each other. See socketpair(2).</summary>
    internal static (FileDescriptor First, FileDescriptor Second) CreatePair(int type)
    {
        int* ends = stackalloc int[2];
        Syscall.Check(LinuxCalls.socketpair(LinuxCalls.AF_UNIX, type | LinuxCalls.NONBLOCK_CLOEXEC, 0, ends));
        return (FileDescriptor.Take(ends[0]), FileDescriptor.Take(ends[1]));
    }

    private static FileDescriptor Create(int type) => FileDescriptor.Take(
        Syscall.Check(LinuxCalls.socket(LinuxCalls.AF_UNIX, type | LinuxCalls.NONBLOCK_CLOEXEC, 0), null, "socket"));
}
