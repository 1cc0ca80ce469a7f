using ShimStack.Native;
using ShimStack.Native.Polling;

namespace ShimStack.Shim.Loop;

/// <summary>
/// The one thread of the program: it waits in epoll, and everything else happens between two waits. As the
/// SynchronizationContext of that thread it brings every await back to it, so no state of the shim needs a lock.
/// An idle loop sleeps without a time-out: no timer, no wake-up.
/// </summary>
internal sealed class EventLoop : SynchronizationContext, IDisposable
{
    private const int MaxEventsPerWait = 32;
    private const ulong WakeTag = ulong.MaxValue;

    private readonly Epoll _epoll = Epoll.Create();
    private readonly EventDescriptor _wake = EventDescriptor.Create();
    private readonly ReadinessTable _handlers = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = new();
    private readonly Queue<LoopTurn> _turns = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _fromOtherThreads = new();
    private readonly Lock _otherThreads = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;

    public EventLoop()
    {
        Timers = new LoopTimers(this);
        _epoll.Add(_wake.Descriptor, EpollEvents.EPOLLIN, WakeTag);
    }

    /// <summary>Timers that fire on this loop; give it to everything that waits for time.</summary>
    public LoopTimers Timers { get; }

    /// <summary>What is done when the loop has had nothing to do for a while; null for nothing.</summary>
    public Settling? Settling { get; init; }

    /// <summary>
    /// Called between two waits when every await that could go on has gone on, so that no news is on its way from one object to another; null for
    /// nothing. Work that goes on by turns may be queued.
    /// </summary>
    public Action? AtRest { get; set; }

    /// <summary>Whether the caller runs on the loop's thread.</summary>
    public bool IsCurrent => Environment.CurrentManagedThreadId == _thread;

    /// <summary>Registers a descriptor edge-triggered. Returns the tag by which <see cref="Forget"/> takes it out again.</summary>
    /// <exception cref="SyscallException">EPERM: the descriptor cannot be polled (regular files, some devices).</exception>
    public ulong Register(FileDescriptor descriptor, EpollEvents interest, IReadiness handler)
    {
        ulong tag = _handlers.Add(handler);
        try
        {
            _epoll.Add(descriptor, interest | EpollEvents.EPOLLET, tag);
        }
        catch (SyscallException)
        {
            _handlers.Remove(tag);
            throw;
        }

        return tag;
    }

    /// <summary>Changes what a registered descriptor is watched for; what is ready already comes as an edge. See epoll_ctl(2).</summary>
    public void Change(FileDescriptor descriptor, EpollEvents interest, ulong tag) =>
        _epoll.Modify(descriptor, interest | EpollEvents.EPOLLET, tag);

    /// <summary>Takes a descriptor out; events of it that were already fetched are dropped.</summary>
    public void Forget(FileDescriptor descriptor, ulong tag)
    {
        _handlers.Remove(tag);
        _epoll.Remove(descriptor);
    }

    /// <summary>Queues a callback; callable from any thread.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsCurrent)
        {
            _ready.Enqueue((d, state));
            return;
        }

        lock (_otherThreads)
        {
            _fromOtherThreads.Enqueue((d, state));
        }

        _wake.Signal();
    }

    /// <summary>Queues work that gives way to all that is ready.</summary>
    internal void Yield(LoopTurn turn) => _turns.Enqueue(turn);

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("nothing may wait for the loop");

    /// <summary>Runs <paramref name="main"/> on the calling thread and serves the loop until it has ended.</summary>
    public T Run<T>(Func<Task<T>> main)
    {
        SetSynchronizationContext(this);
        try
        {
            Task<T> task = main();
            RunQueued();
            while (!task.IsCompleted)
            {
                // What has just run may have ended the last work: only who still waits for something may sleep.
                WaitOnce();
                RunQueued();
            }

            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(null);
        }
    }

    public void Dispose()
    {
        _wake.Dispose();
        _epoll.Dispose();
    }

    private void RunQueued()
    {
        RunReady();
        RunTurns();
        Timers.Fire();
        if (_ready.Count == 0)
        {
            AtRest?.Invoke();
        }
    }

    private void WaitOnce()
    {
        Span<EpollEvent> events = stackalloc EpollEvent[MaxEventsPerWait];
        int count = Wait(events, _ready.Count > 0 || _turns.Count > 0 ? 0 : Timers.MillisecondsToNext());
        foreach (EpollEvent e in events[..count])
        {
            if (e.Tag == WakeTag)
            {
                TakeFromOtherThreads();
            }
            else
            {
                _handlers.Find(e.Tag)?.OnReady(e.Events);
            }
        }
    }

    private int Wait(Span<EpollEvent> events, int timeout)
    {
        if (Settling is null || !Settling.IsDueWithin(timeout))
        {
            int count = _epoll.Wait(events, timeout);
            Settling?.Woke();
            return count;
        }

        int early = _epoll.Wait(events, Settling.DelayMilliseconds);
        if (early == 0)
        {
            Settling.Settle(); // the loop comes back here, and sleeps then as long as it may
        }

        return early;
    }

    // Only what was queued before: a callback that queues itself again must not starve the descriptors.
    private void RunReady()
    {
        for (int left = _ready.Count; left > 0; left--)
        {
            (SendOrPostCallback callback, object? state) = _ready.Dequeue();
            callback(state);
        }
    }

    private void RunTurns()
    {
        for (int left = _turns.Count; left > 0; left--)
        {
            _turns.Dequeue().Take();
        }
    }

    private void TakeFromOtherThreads()
    {
        _wake.Drain();
        lock (_otherThreads)
        {
            while (_fromOtherThreads.TryDequeue(out (SendOrPostCallback, object?) item))
            {
                _ready.Enqueue(item);
            }
        }
    }
}
