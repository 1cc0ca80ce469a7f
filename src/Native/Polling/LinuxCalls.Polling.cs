using System.Runtime.InteropServices;
using ShimStack.Native.Polling;
using ShimStack.Native.Processes;

namespace ShimStack.Native;

internal static unsafe partial class LinuxCalls
{
    internal const int EPOLL_CTL_ADD = 1;
    internal const int EPOLL_CTL_DEL = 2;
    internal const int EPOLL_CTL_MOD = 3;
    internal const int NONBLOCK_CLOEXEC = 0x80800;
    internal const int CLOCK_MONOTONIC = 1;
    internal const int SIG_BLOCK = 0;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int epoll_ctl(FileDescriptor epoll, int operation, FileDescriptor fd, EpollEvent* change);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int epoll_wait(FileDescriptor epoll, EpollEvent* events, int count, int timeoutMilliseconds);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int eventfd(uint value, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int timerfd_create(int clock, int flags);

    /// <summary>Both settings are a struct itimerspec: four numbers, each pair seconds and nanoseconds.</summary>
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int timerfd_settime(FileDescriptor fd, int flags, long* setting, long* previous);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int signalfd(int fd, SignalSet* signals, int flags);

    /// <summary>Returns the error number and leaves errno alone.</summary>
    [LibraryImport("libc")]
    internal static partial int pthread_sigmask(int how, SignalSet* change, SignalSet* previous);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int inotify_init1(int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int inotify_add_watch(FileDescriptor inotify, string path, uint mask);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int inotify_rm_watch(FileDescriptor inotify, int watch);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int poll(PollEntry* entries, nuint count, int timeoutMilliseconds);
}
