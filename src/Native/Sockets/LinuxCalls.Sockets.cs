using System.Runtime.InteropServices;
using ShimStack.Native.Sockets;

namespace ShimStack.Native;

internal static unsafe partial class LinuxCalls
{
    internal const int AF_UNIX = 1;
    internal const int SOCK_STREAM = 1;
    internal const int SOCK_DGRAM = 2;
    internal const int SOCK_SEQPACKET = 5;
    internal const int SOL_SOCKET = 1;
    internal const int SO_SNDBUF = 7;
    internal const int SO_PEERCRED = 17;
    internal const int SO_ACCEPTCONN = 30;
    internal const int SO_SNDBUFFORCE = 32;
    internal const int SCM_RIGHTS = 1;
    internal const nuint SIOCOUTQ = 0x5411;
    internal const int MSG_CTRUNC = 0x8;
    internal const int MSG_TRUNC = 0x20;
    internal const int MSG_NOSIGNAL = 0x4000;
    internal const int MSG_CMSG_CLOEXEC = 0x40000000;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int socketpair(int domain, int type, int protocol, int* ends);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int bind(FileDescriptor socket, UnixAddress* address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int listen(FileDescriptor socket, int backlog);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int accept4(FileDescriptor socket, UnixAddress* address, uint* length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int connect(FileDescriptor socket, UnixAddress* address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint recv(FileDescriptor socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint send(FileDescriptor socket, byte* data, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint recvmsg(FileDescriptor socket, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint sendmsg(FileDescriptor socket, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int getsockopt(FileDescriptor socket, int level, int option, void* value, uint* length);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int setsockopt(FileDescriptor socket, int level, int option, void* value, uint length);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int getsockname(FileDescriptor socket, UnixAddress* address, uint* length);
}
