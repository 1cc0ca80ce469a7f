using System.Runtime.InteropServices;

namespace ShimStack.Native;

internal static unsafe partial class LinuxCalls
{
    internal const nuint FIONREAD = 0x541b;
    internal const int F_SETPIPE_SZ = 1031;
    internal const int F_GETPIPE_SZ = 1032;
    internal const uint SPLICE_F_MOVE = 1;
    internal const uint SPLICE_F_NONBLOCK = 2;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int pipe2(int* ends, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint splice(
        FileDescriptor source, long* sourceOffset, FileDescriptor target, long* targetOffset, nuint length, uint flags);

    /// <summary>For every request whose argument is a pointer; the struct behind it depends on the request.</summary>
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int ioctl(FileDescriptor fd, nuint request, void* argument);

    /// <summary>For every request whose argument is a number.</summary>
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int ioctl(FileDescriptor fd, nuint request, nint argument);
}
