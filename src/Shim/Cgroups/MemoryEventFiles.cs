using ShimStack.Native;
using ShimStack.Native.Polling;
using ShimStack.Shim.Loop;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Cgroups;

/// <summary>
/// The memory.events files of all containers of version 2, which the kernel reports as modified when a counter in them moves. One
/// inotify instance, there while a container is watched. cgroup.events is not watched: that a container has ended is known from
/// its init. See inotify(7), contract chapter 8.2.
/// </summary>
internal sealed class MemoryEventFiles(EventLoop loop) : IReadiness
{
    private readonly List<Watching> _watched = [];
    private Inotify? _inotify;
    private ulong _tag;

    /// <summary>Calls <paramref name="look"/> after each change of a file until the result is disposed.</summary>
    /// <exception cref="SyscallException">There is no such file, or the user's instances or watches are used up.</exception>
    public IDisposable Watch(string path, Func<OomLook> look)
    {
        if (_inotify is null)
        {
            _inotify = Inotify.Create();
            _tag = loop.Register(_inotify.Descriptor, EpollEvents.EPOLLIN, this);
        }

        try
        {
            Watching watching = new(this, _inotify.AddWatch(path, InotifyEvents.IN_MODIFY), look);
            _watched.Add(watching);
            return watching;
        }
        catch (SyscallException)
        {
            CloseIfUnused();
            throw;
        }
    }

    /// <summary>Leaves what it watches with; what has been seen is in the records of the containers.</summary>
    public void PutDown(ShimRecord record, Inheritance left)
    {
        if (_inotify is not null)
        {
            left.LeaveForLater(record, _inotify.Descriptor);
        }
    }

    public void OnReady(EpollEvents events)
    {
        Span<InotifyEvent> changes = stackalloc InotifyEvent[16];
        while (_inotify?.Read(changes) is > 0 and int count)
        {
            foreach (InotifyEvent change in changes[..count])
            {
                Call(change);
            }
        }
    }

    private void Call(InotifyEvent change)
    {
        bool anybody = (change.Mask & InotifyEvents.IN_Q_OVERFLOW) != 0;
        foreach (Watching watching in _watched)
        {
            if (anybody || watching.Number == change.Watch)
            {
                watching.Look();
            }
        }
    }

    private void Forget(Watching watching)
    {
        // Containers may share a cgroup, and then have one watch.
        if (_watched.Remove(watching) && !_watched.Exists(other => other.Number == watching.Number))
        {
            _inotify!.RemoveWatch(watching.Number);
            CloseIfUnused();
        }
    }

    private void CloseIfUnused()
    {
        if (_watched.Count == 0 && _inotify is not null)
        {
            loop.Forget(_inotify.Descriptor, _tag);
            _inotify.Dispose();
            _inotify = null;
        }
    }

    private sealed class Watching(MemoryEventFiles owner, int number, Func<OomLook> look) : IDisposable
    {
        public int Number => number;

        public OomLook Look() => look();

        public void Dispose() => owner.Forget(this);
    }
}
