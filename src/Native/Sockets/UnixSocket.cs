using System.Diagnostics.CodeAnalysis;

namespace ShimStack.Native.Sockets;

/// <summary>Stream sockets in the file system, all non-blocking. See unix(7).</summary>
public static unsafe class UnixSocket
{
    /// <summary>The longest path of a socket, in bytes of UTF-8, without the NUL at its end. See unix(7).</summary>
    public const int MaxPathLength = 107;

    private const int Backlog = 128;

    /// <summary>
    /// Makes a socket at <paramref name="path"/> (mode 0777 less the umask) and listens; EADDRINUSE if the name is taken. See bind(2),
    /// listen(2).
    /// </summary>
    public static FileDescriptor Listen(string path) => SocketFile.Listen(path, LinuxCalls.SOCK_STREAM, mode: null, Backlog);

    /// <summary>
    /// As <see cref="Listen(string)"/>, with a mode that is set before anybody can connect, and as long a backlog as the kernel gives. See
    /// listen(2), /proc/sys/net/core/somaxconn.
    /// </summary>
    public static FileDescriptor Listen(string path, int mode) => SocketFile.Listen(path, LinuxCalls.SOCK_STREAM, mode, int.MaxValue);

    /// <summary>Whether it is a socket that listens; false for every other file. See socket(7), SO_ACCEPTCONN.</summary>
    public static bool IsListening(FileDescriptor descriptor)
    {
        int listens = 0;
        uint length = sizeof(int);
        return LinuxCalls.getsockopt(descriptor, LinuxCalls.SOL_SOCKET, LinuxCalls.SO_ACCEPTCONN, &listens, &length) == 0 && listens != 0;
    }

    /// <summary>The path that <paramref name="socket"/> is bound to; empty if it has none. See getsockname(2).</summary>
    public static string PathOf(FileDescriptor socket)
    {
        UnixAddress address = default;
        uint length = (uint)sizeof(UnixAddress);
        Syscall.Check(LinuxCalls.getsockname(socket, &address, &length));
        return address.Path;
    }

    /// <summary>Whether the peer of a connection has read all that was written to it. See unix(7), SIOCOUTQ.</summary>
    public static bool IsAllRead(FileDescriptor connection)
    {
        int unread;
        Syscall.Check(LinuxCalls.ioctl(connection, LinuxCalls.SIOCOUTQ, &unread), null, "ioctl SIOCOUTQ");
        return unread == 0;
    }

    /// <summary>Takes the next connection; false if none waits. See accept4(2).</summary>
    public static bool TryAccept(FileDescriptor listener, [NotNullWhen(true)] out FileDescriptor? connection)
    {
        int fd;
        do
        {
            fd = LinuxCalls.accept4(listener, null, null, LinuxCalls.NONBLOCK_CLOEXEC);
        }
        while (Syscall.Interrupted(fd));
        if (fd == -1 && Syscall.LastErrno == Errno.EAGAIN)
        {
            connection = null;
            return false;
        }

        connection = FileDescriptor.Take(Syscall.Check(fd, null, "accept4"));
        return true;
    }

    /// <summary>
    /// Connects without waiting; ENOENT or ECONNREFUSED if nobody listens, EAGAIN if too many wait to be accepted. See connect(2).
    /// </summary>
    public static FileDescriptor Connect(string path) => SocketFile.Connect(path, LinuxCalls.SOCK_STREAM);

    /// <summary>Two sockets connected to each other. See socketpair(2).</summary>
    public static (FileDescriptor First, FileDescriptor Second) CreatePair() => SocketFile.CreatePair(LinuxCalls.SOCK_STREAM);

    /// <summary>Reads at most as much as <paramref name="buffer"/> holds; does not allocate. See recv(2).</summary>
    public static IoResult Receive(FileDescriptor socket, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            IoResult result;
            do
            {
                result = Syscall.Io(LinuxCalls.recv(socket, start, (nuint)buffer.Length, 0));
            }
            while (result.Interrupted);
            return result;
        }
    }

    /// <summary>
    /// Sends <paramref name="data"/> or the part that fits; EPIPE, never SIGPIPE, if the peer is gone; does not allocate. See send(2).
    /// </summary>
    public static IoResult Send(FileDescriptor socket, ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            IoResult result;
            do
            {
                result = Syscall.Io(LinuxCalls.send(socket, start, (nuint)data.Length, LinuxCalls.MSG_NOSIGNAL));
            }
            while (result.Interrupted);
            return result;
        }
    }

    /// <summary>Reads bytes and the descriptors that came with them, which the caller then owns. See recvmsg(2), cmsg(3).</summary>
    public static DescriptorMessage ReceiveDescriptors(FileDescriptor socket, Span<byte> data) => DescriptorPassing.Receive(socket, data);

    /// <summary>Sends bytes (at least one) and a copy of <paramref name="descriptor"/>. See sendmsg(2), cmsg(3).</summary>
    public static IoResult SendDescriptor(FileDescriptor socket, ReadOnlySpan<byte> data, FileDescriptor descriptor) =>
        DescriptorPassing.Send(socket, data, descriptor);
}
