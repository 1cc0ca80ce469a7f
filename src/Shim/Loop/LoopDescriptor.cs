using ShimStack.Native;
using ShimStack.Native.Polling;

namespace ShimStack.Shim.Loop;

/// <summary>
/// A non-blocking descriptor on the loop that code can await: at most one waiter for reading and one for writing.
/// Callers try the system call first and come here after EAGAIN.
/// </summary>
internal sealed class LoopDescriptor : IReadiness, IDisposable
{
    private const EpollEvents ReadableMask = EpollEvents.EPOLLIN | EpollEvents.EPOLLRDHUP | EpollEvents.EPOLLHUP | EpollEvents.EPOLLERR;
    private const EpollEvents WritableMask = EpollEvents.EPOLLOUT | EpollEvents.EPOLLHUP | EpollEvents.EPOLLERR;

    private readonly EventLoop _loop;
    private readonly EpollEvents _interest;
    private readonly ulong _tag;
    private readonly LoopWaiter _reader = new();
    private readonly LoopWaiter _writer = new();
    private bool _watchesRoom;
    private bool _disposed;

    /// <summary>Takes over <paramref name="descriptor"/> and closes it at the end.</summary>
    public LoopDescriptor(EventLoop loop, FileDescriptor descriptor, EpollEvents interest)
    {
        _loop = loop;
        _interest = interest;
        Descriptor = descriptor;
        _tag = loop.Register(descriptor, interest, this);
    }

    public FileDescriptor Descriptor { get; }

    /// <summary>Ends when data, an end or an error is there to be read.</summary>
    public ValueTask ReadableAsync(CancellationToken cancellation) => _reader.WaitAsync(cancellation);

    /// <summary>
    /// Ends when there is room to write, or an error to be met. Room is watched for only while somebody waits for it: else the peer of a socket would
    /// wake us each time that it reads.
    /// </summary>
    public ValueTask WritableAsync(CancellationToken cancellation)
    {
        if ((_interest & EpollEvents.EPOLLOUT) == 0 && !_watchesRoom)
        {
            _watchesRoom = true;
            _loop.Change(Descriptor, _interest | EpollEvents.EPOLLOUT, _tag);
        }

        return _writer.WaitAsync(cancellation);
    }

    public void OnReady(EpollEvents events)
    {
        if (_watchesRoom && (events & EpollEvents.EPOLLOUT) != 0)
        {
            _watchesRoom = false;
            _loop.Change(Descriptor, _interest, _tag);
        }

        if ((events & ReadableMask) != 0)
        {
            _reader.Wake();
        }

        if ((events & WritableMask) != 0)
        {
            _writer.Wake();
        }
    }

    /// <summary>Takes the descriptor off the loop without closing it.</summary>
    public void LeaveLoop()
    {
        _disposed = true;
        _loop.Forget(Descriptor, _tag);
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _loop.Forget(Descriptor, _tag);
        Descriptor.Dispose();
        _reader.Wake();
        _writer.Wake();
    }
}
