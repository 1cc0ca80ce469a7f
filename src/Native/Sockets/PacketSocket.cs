namespace ShimStack.Native.Sockets;

/// <summary>
/// Sockets in the file system that keep messages apart, all non-blocking: a message comes whole, with the descriptors that were sent with it. See
/// unix(7), SOCK_SEQPACKET.
/// </summary>
public static unsafe class PacketSocket
{
    /// <summary>How many descriptors go with one message. See unix(7), SCM_RIGHTS.</summary>
    public const int MaxDescriptors = DescriptorPassing.MaxDescriptors;

    private const int Backlog = 4096;

    /// <summary>Makes a socket at <paramref name="path"/> with <paramref name="mode"/>, and listens. See bind(2), listen(2).</summary>
    public static FileDescriptor Listen(string path, int mode) => SocketFile.Listen(path, LinuxCalls.SOCK_SEQPACKET, mode, Backlog);

    /// <summary>Connects without waiting; ENOENT or ECONNREFUSED if nobody listens. See connect(2).</summary>
    public static FileDescriptor Connect(string path) => SocketFile.Connect(path, LinuxCalls.SOCK_SEQPACKET);

    /// <summary>The same to a socket that takes messages from everybody (SOCK_DGRAM). See unix(7).</summary>
    public static FileDescriptor ConnectDatagram(string path) => SocketFile.Connect(path, LinuxCalls.SOCK_DGRAM);

    /// <summary>A socket at <paramref name="path"/> that takes messages from everybody. See bind(2).</summary>
    public static FileDescriptor BindDatagram(string path) => SocketFile.Bind(path, LinuxCalls.SOCK_DGRAM);

    /// <summary>Two sockets connected to each other. See socketpair(2).</summary>
    public static (FileDescriptor First, FileDescriptor Second) CreatePair() => SocketFile.CreatePair(LinuxCalls.SOCK_SEQPACKET);

    /// <summary>
    /// Lets so many bytes wait in the socket, more than a user could ask for if this process may; what it may not is no failure. See socket(7),
    /// SO_SNDBUFFORCE.
    /// </summary>
    public static void Widen(FileDescriptor socket, int bytes)
    {
        if (LinuxCalls.setsockopt(socket, LinuxCalls.SOL_SOCKET, LinuxCalls.SO_SNDBUFFORCE, &bytes, sizeof(int)) != 0)
        {
            _ = LinuxCalls.setsockopt(socket, LinuxCalls.SOL_SOCKET, LinuxCalls.SO_SNDBUF, &bytes, sizeof(int));
        }
    }

    /// <summary>
    /// Sends one message and copies of <paramref name="descriptors"/>: the kernel holds both from then on, whatever becomes of the sender. EAGAIN if
    /// too much waits, EMSGSIZE if it is too long, EPIPE if the peer is gone. See sendmsg(2).
    /// </summary>
    public static IoResult Send(FileDescriptor socket, ReadOnlySpan<byte> message, IReadOnlyList<FileDescriptor> descriptors) =>
        DescriptorPassing.Send(socket, message, descriptors);

    /// <summary>
    /// Takes one message and its descriptors, which the caller then owns; no bytes if the peer is gone. EMSGSIZE if <paramref name="buffer"/> is too
    /// small. See recvmsg(2).
    /// </summary>
    public static DescriptorMessage Receive(FileDescriptor socket, Span<byte> buffer) => DescriptorPassing.Receive(socket, buffer);
}
