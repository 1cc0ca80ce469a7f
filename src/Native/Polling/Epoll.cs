namespace ShimStack.Native.Polling;

/// <summary>A set of watched descriptors. See epoll(7).</summary>
public sealed unsafe class Epoll : IDisposable
{
    private readonly FileDescriptor _descriptor;

    private Epoll(FileDescriptor descriptor) => _descriptor = descriptor;

    /// <summary>An empty set. See epoll_create1(2).</summary>
    public static Epoll Create() => new(FileDescriptor.Take(Syscall.Check(LinuxCalls.epoll_create1(LinuxCalls.O_CLOEXEC))));

    /// <summary>Watches <paramref name="fd"/>; EPERM says that it is a file that is always ready. See epoll_ctl(2).</summary>
    public void Add(FileDescriptor fd, EpollEvents events, ulong tag) => Change(LinuxCalls.EPOLL_CTL_ADD, fd, events, tag);

    /// <summary>Watches <paramref name="fd"/> in another way; re-arms EPOLLET and EPOLLONESHOT. See epoll_ctl(2).</summary>
    public void Modify(FileDescriptor fd, EpollEvents events, ulong tag) => Change(LinuxCalls.EPOLL_CTL_MOD, fd, events, tag);

    /// <summary>Stops watching. Needed before closing when a duplicate of the descriptor lives on elsewhere. See epoll_ctl(2).</summary>
    public void Remove(FileDescriptor fd) => Change(LinuxCalls.EPOLL_CTL_DEL, fd, EpollEvents.None, 0);

    /// <summary>
    /// Waits until something is ready and returns how many of <paramref name="events"/> were filled: 0 after
    /// <paramref name="timeoutMilliseconds"/> (-1: never), or, with a time-out, when a signal handler ran. Does not allocate. See
    /// epoll_wait(2).
    /// </summary>
    public int Wait(Span<EpollEvent> events, int timeoutMilliseconds)
    {
        fixed (EpollEvent* start = events)
        {
            int count;
            bool interrupted;
            do
            {
                count = LinuxCalls.epoll_wait(_descriptor, start, events.Length, timeoutMilliseconds);
                interrupted = Syscall.Interrupted(count);
            }
            while (interrupted && timeoutMilliseconds < 0);
            return interrupted ? 0 : Syscall.Check(count, null, "epoll_wait");
        }
    }

    public void Dispose() => _descriptor.Dispose();

    private void Change(int operation, FileDescriptor fd, EpollEvents events, ulong tag)
    {
        EpollEvent change = new() { Events = events, Tag = tag };
        Syscall.Check(LinuxCalls.epoll_ctl(_descriptor, operation, fd, &change));
    }
}
