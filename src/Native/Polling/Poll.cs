namespace ShimStack.Native.Polling;

/// <summary>Asks one descriptor for its state without waiting.</summary>
public static unsafe class Poll
{
    /// <summary>Which of <paramref name="interest"/> hold now; EPOLLERR and EPOLLHUP are always told. See poll(2).</summary>
    public static EpollEvents Now(FileDescriptor descriptor, EpollEvents interest)
    {
        PollEntry entry = new() { Number = descriptor.Number, Interest = (short)interest };
        Syscall.Check(LinuxCalls.poll(&entry, 1, 0));
        GC.KeepAlive(descriptor);
        return (EpollEvents)(ushort)entry.Result;
    }
}
