using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ShimStack.Native;
using ShimStack.Native.Polling;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Watching;

/// <summary>
/// The one thread that watches descriptors, starts the daemon and owns wait(2). It lives as long as the drill, so what it starts with
/// <see cref="SpawnRequest.DieWithParent"/> does, too. The drill is a subreaper: whatever daemons, shims and containers leave behind comes
/// here.
/// </summary>
internal sealed class WatchLoop : IDisposable
{
    private const int MaxEvents = 32;

    private readonly Epoll _epoll = Epoll.Create();
    private readonly EventDescriptor _wake = EventDescriptor.Create();
    private readonly ConcurrentQueue<Action> _posted = [];
    private readonly Dictionary<ulong, (Watched Watched, Action<Watched> Ready)> _watched = [];
    private readonly Dictionary<int, TaskCompletionSource<ChildExit>> _expected = [];
    private readonly PosixSignalRegistration _childEnded;
    private readonly Thread _thread;
    private ulong _tags;
    private bool _isOver;

    public WatchLoop()
    {
        CurrentProcess.BecomeSubreaper();
        _epoll.Add(_wake.Descriptor, EpollEvents.EPOLLIN, 0);
        _childEnded = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => Post(Reap));
        _thread = new Thread(Run) { IsBackground = true, Name = "watch" };
        _thread.Start();
    }

    /// <summary>
    /// Has <paramref name="ready"/> called on the loop's thread whenever there is something to read. The answer ends that.
    /// </summary>
    public Watched Watch(FileDescriptor descriptor, Action<Watched> ready)
    {
        ulong tag = Interlocked.Increment(ref _tags);
        Watched watched = new(this, descriptor, tag);
        Post(() =>
        {
            if (!descriptor.IsClosed)
            {
                _watched[tag] = (watched, ready);
                _epoll.Add(descriptor, EpollEvents.EPOLLIN, tag);
            }
        });
        return watched;
    }

    public void Post(Action action)
    {
        _posted.Enqueue(action);
        _wake.Signal();
    }

    public Task<T> RunAsync<T>(Func<T> question)
    {
        TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                answer.SetResult(question());
            }
            catch (Exception e)
            {
                answer.SetException(e);
            }
        });
        return answer.Task;
    }

    /// <summary>Starts a program; the second task is its end.</summary>
    public Task<(int Pid, Task<ChildExit> End)> SpawnAsync(SpawnRequest request) => RunAsync(() =>
    {
        int pid = Spawner.Spawn(request);
        TaskCompletionSource<ChildExit> end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _expected.Add(pid, end);
        return (pid, end.Task);
    });

    /// <summary>Takes the ends of orphans that nobody has told of: SIGCHLD of several may be one.</summary>
    public Task ReapAsync() => RunAsync(() =>
    {
        Reap();
        return true;
    });

    public void Dispose()
    {
        _childEnded.Dispose();
        Post(() => _isOver = true);
        _thread.Join();
        _epoll.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        Span<EpollEvent> events = stackalloc EpollEvent[MaxEvents];
        while (!_isOver)
        {
            int count = _epoll.Wait(events, -1);
            foreach (EpollEvent one in events[..count])
            {
                // It may have been taken away by the one before it.
                if (_watched.TryGetValue(one.Tag, out (Watched Watched, Action<Watched> Ready) found))
                {
                    found.Ready(found.Watched);
                }
            }

            _wake.Drain();
            while (_posted.TryDequeue(out Action? action))
            {
                action();
            }
        }
    }

    private void Reap()
    {
        while (ChildWait.TryNext(out ChildExit exit))
        {
            if (_expected.Remove(exit.Pid, out TaskCompletionSource<ChildExit>? end))
            {
                end.SetResult(exit);
            }
        }
    }

    /// <summary>A descriptor that is watched. Disposing closes it, on the loop's thread, when nothing looks at it any more.</summary>
    internal sealed class Watched(WatchLoop loop, FileDescriptor descriptor, ulong tag) : IDisposable
    {
        /// <summary>On the loop's thread: it is not watched any more, and stays open.</summary>
        public void Stop()
        {
            if (loop._watched.Remove(tag))
            {
                loop._epoll.Remove(descriptor);
            }
        }

        public void Dispose() => loop.Post(() =>
        {
            if (!descriptor.IsClosed)
            {
                Stop();
                descriptor.Dispose();
            }
        });
    }
}
