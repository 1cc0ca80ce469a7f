using ShimStack.Native;
using ShimStack.Native.Polling;
using ShimStack.Shim.Loop;

namespace ShimStack.Shim.Stdio;

/// <summary>One end of a stream on the loop, as far as it can be polled: regular files and some devices cannot, and never need to be.</summary>
internal readonly struct PolledEnd
{
    private readonly EventLoop _loop;
    private readonly FileDescriptor? _descriptor;
    private readonly ulong _tag;

    /// <summary>Registers <paramref name="descriptor"/>, if there is one.</summary>
    public PolledEnd(EventLoop loop, FileDescriptor? descriptor, EpollEvents interest, IReadiness handler)
    {
        _loop = loop;
        if (descriptor is null)
        {
            return;
        }

        try
        {
            _tag = loop.Register(descriptor, interest, handler);
            _descriptor = descriptor;
        }
        catch (SyscallException e) when (e.Errno == Errno.EPERM)
        {
            // It cannot be polled: reading and writing it never has to wait.
        }
    }

    /// <summary>Whether edges come.</summary>
    public bool IsPolled => _descriptor is not null;

    /// <summary>Waits for other edges from now on, and for one at once if they have come already; for an end and for errors always.</summary>
    public void Await(EpollEvents interest)
    {
        if (_descriptor is not null)
        {
            _loop.Change(_descriptor, interest, _tag);
        }
    }

    /// <summary>Takes it off the loop, once.</summary>
    public void Forget()
    {
        if (_descriptor is not null)
        {
            _loop.Forget(_descriptor, _tag);
        }
    }
}
