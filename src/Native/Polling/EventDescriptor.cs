namespace ShimStack.Native.Polling;

/// <summary>A counter that makes a poll return: any thread signals, the loop drains. See eventfd(2).</summary>
public sealed unsafe class EventDescriptor : IDisposable
{
    private EventDescriptor(FileDescriptor descriptor) => Descriptor = descriptor;

    /// <summary>Readable while a signal has not been drained; non-blocking.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>A counter at zero. See eventfd(2).</summary>
    public static EventDescriptor Create() => new(FileDescriptor.Take(Syscall.Check(LinuxCalls.eventfd(0, LinuxCalls.NONBLOCK_CLOEXEC))));

    /// <summary>Makes the descriptor readable; from any thread. See eventfd(2).</summary>
    public void Signal()
    {
        ulong one = 1;
        IoResult result = Files.Files.Write(Descriptor, new ReadOnlySpan<byte>(&one, sizeof(ulong)));
        if (!result.IsOk && !result.WouldBlock)
        {
            throw new SyscallException("write", result.Errno, "eventfd");
        }
    }

    /// <summary>Makes the descriptor unreadable until the next signal; nothing happens if it is. See eventfd(2).</summary>
    public void Drain()
    {
        ulong count;
        IoResult result = Files.Files.Read(Descriptor, new Span<byte>(&count, sizeof(ulong)));
        if (!result.IsOk && !result.WouldBlock)
        {
            throw new SyscallException("read", result.Errno, "eventfd");
        }
    }

    public void Dispose() => Descriptor.Dispose();
}
