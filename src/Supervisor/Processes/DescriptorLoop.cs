using System.Collections.Concurrent;
using ShimStack.Native;
using ShimStack.Native.Polling;

namespace ShimStack.Supervisor.Processes;

/// <summary>
/// A thread that waits in epoll for what the thread pool cannot wait for: signals, pipes of children, FIFOs. What it calls must not block. It
/// lives as long as the process, so children that are spawned on it may die with their parent; see PR_SET_PDEATHSIG in prctl(2).
/// </summary>
internal sealed class DescriptorLoop
{
    private const int MaxEventsPerWait = 64;
    private const ulong WakeTag = ulong.MaxValue;

    private readonly Epoll _epoll = Epoll.Create();
    private readonly EventDescriptor _wake = EventDescriptor.Create();
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly ConcurrentDictionary<ulong, Action> _handlers = new();
    private ulong _lastTag;

    public DescriptorLoop() => _epoll.Add(_wake.Descriptor, EpollEvents.EPOLLIN, WakeTag);

    /// <summary>Starts the thread, once; what was registered and posted before is not lost.</summary>
    public void Start() => new Thread(Run, 512 * 1024) { IsBackground = true, Name = "descriptors" }.Start();

    /// <summary>Runs <paramref name="action"/> on the loop's thread; from any thread.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        _wake.Signal();
    }

    /// <summary>Runs <paramref name="call"/> on the loop's thread and gives back what came of it.</summary>
    public Task<T> RunAsync<T>(Func<T> call)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                done.SetResult(call());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    /// <summary>Calls <paramref name="readable"/> on the loop's thread for as long as there is something to read, or the other end has closed.</summary>
    /// <returns>What <see cref="Forget"/> takes.</returns>
    public ulong Register(FileDescriptor descriptor, Action readable)
    {
        ulong tag = Interlocked.Increment(ref _lastTag);
        _handlers[tag] = readable;
        _epoll.Add(descriptor, EpollEvents.EPOLLIN, tag);
        return tag;
    }

    /// <summary>Takes a descriptor out, before it is closed.</summary>
    public void Forget(FileDescriptor descriptor, ulong tag)
    {
        if (_handlers.TryRemove(tag, out _))
        {
            _epoll.Remove(descriptor);
        }
    }

    private void Run()
    {
        Span<EpollEvent> events = stackalloc EpollEvent[MaxEventsPerWait];
        while (true)
        {
            int count = _epoll.Wait(events, -1);
            foreach (EpollEvent e in events[..count])
            {
                if (e.Tag == WakeTag)
                {
                    RunPosted();
                }
                else if (_handlers.TryGetValue(e.Tag, out Action? readable))
                {
                    readable();
                }
            }
        }
    }

    private void RunPosted()
    {
        _wake.Drain();
        while (_posted.TryDequeue(out Action? action))
        {
            action();
        }
    }
}
