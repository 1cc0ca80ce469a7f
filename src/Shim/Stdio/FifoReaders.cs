using System.Globalization;
using ShimStack.Native;
using ShimStack.Native.Polling;
using ShimStack.Shim.Loop;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Stdio;

/// <summary>
/// Tells when somebody opens a FIFO whose reader went away. An epoll on the write end is not woken by that; inotify's
/// IN_OPEN is. Nothing is watched while all readers are there.
/// </summary>
internal sealed class FifoReaders(EventLoop loop) : IReadiness
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);
    private readonly Dictionary<int, List<Action>> _waiting = [];
    private Inotify? _inotify;
    private ulong _tag;

    /// <summary>Whether <paramref name="writeEnd"/> has no reader now.</summary>
    public static bool IsAway(FileDescriptor writeEnd) =>
        (Poll.Now(writeEnd, EpollEvents.EPOLLOUT) & EpollEvents.EPOLLERR) != 0;

    /// <summary>
    /// Calls <paramref name="back"/> once, later, when somebody has opened the FIFO. That may have been a writer: the caller
    /// tries to write and comes back.
    /// </summary>
    public void Watch(FileDescriptor writeEnd, Action back)
    {
        int watch;
        try
        {
            watch = AddWatch(writeEnd);
        }
        catch (SyscallException)
        {
            // Instances and watches are few and shared by all of a user's programs (inotify(7)): without one, look now and then.
            loop.Timers.CreateTimer(static back => ((Action)back!)(), back, LookAgain, Timeout.InfiniteTimeSpan);
            return;
        }

        if (!_waiting.TryGetValue(watch, out List<Action>? callbacks))
        {
            _waiting[watch] = callbacks = new(1);
        }

        callbacks.Add(back);

        // A reader that came between the failed write and the watch made no event.
        if (!IsAway(writeEnd))
        {
            loop.Post(_ => Call(watch), null);
        }
    }

    /// <summary>Drops a callback that was not called yet.</summary>
    public void Forget(Action back)
    {
        foreach ((int watch, List<Action> callbacks) in _waiting)
        {
            if (callbacks.Remove(back))
            {
                EndIfUnused(watch, callbacks);
                return;
            }
        }
    }

    /// <summary>Leaves what it watches with; who waits is in the records of the streams.</summary>
    public void PutDown(ShimRecord record, Inheritance left)
    {
        if (_inotify is Inotify inotify)
        {
            left.LeaveForLater(record, inotify.Descriptor);
            left.Stops(() => loop.Forget(inotify.Descriptor, _tag));
        }
    }

    public void OnReady(EpollEvents events)
    {
        Span<InotifyEvent> opened = stackalloc InotifyEvent[16];
        for (int count = _inotify!.Read(opened); count > 0; count = _inotify.Read(opened))
        {
            foreach (InotifyEvent e in opened[..count])
            {
                Call(e.Watch);
            }
        }
    }

    private int AddWatch(FileDescriptor writeEnd)
    {
        if (_inotify is null)
        {
            Inotify created = Inotify.Create();
            _tag = loop.Register(created.Descriptor, EpollEvents.EPOLLIN, this);
            _inotify = created;
        }

        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{writeEnd.Number}");
        return _inotify.AddWatch(path, InotifyEvents.IN_OPEN);
    }

    private void Call(int watch)
    {
        if (_waiting.Remove(watch, out List<Action>? callbacks))
        {
            _inotify!.RemoveWatch(watch);
            foreach (Action callback in callbacks)
            {
                callback();
            }
        }
    }

    private void EndIfUnused(int watch, List<Action> callbacks)
    {
        if (callbacks.Count == 0)
        {
            _waiting.Remove(watch);
            _inotify!.RemoveWatch(watch);
        }
    }
}
