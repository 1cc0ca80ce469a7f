using ShimStack.Native.Files;
using ShimStack.Native.Polling;

namespace ShimStack.Ctl.Logs;

/// <summary>
/// Reads a log as it grows. When its shim has renamed a full file, the rest of that one comes before the new one. The folder is watched, so nothing is done
/// while nothing is written. See inotify(7).
/// </summary>
internal sealed class LogFollower(string file, LogPrinter printer) : IDisposable
{
    private const int Wake = 250;

    private LogReader? _current;

    /// <summary>Until the container has ended, and all that it wrote is printed.</summary>
    public async Task FollowAsync(Task end, CancellationToken cancellation)
    {
        using Inotify changes = Inotify.Create();
        changes.AddWatch(Path.GetDirectoryName(file)!, InotifyEvents.IN_MODIFY | InotifyEvents.IN_CREATE | InotifyEvents.IN_MOVED_TO);
        using SemaphoreSlim changed = new(0, 1);
        Thread watcher = new(() => Watch(changes, changed, end, cancellation)) { IsBackground = true, Name = "inotify" };
        watcher.Start();
        while (!end.IsCompleted)
        {
            PrintNew();
            await Task.WhenAny(end, changed.WaitAsync(cancellation));
            cancellation.ThrowIfCancellationRequested();
        }

        PrintNew();
        watcher.Join();
        await end;
    }

    /// <summary>All that is there by now.</summary>
    public void PrintNew()
    {
        while (_current is not null || File.Exists(file))
        {
            _current ??= new LogReader(file);
            bool isFull = Files.TryStatus(file) is FileStatus named && named.Inode != _current.Inode;
            _current.PrintTo(printer);
            if (!isFull)
            {
                return;
            }

            _current.Dispose();
            _current = null;
        }
    }

    public void Dispose() => _current?.Dispose();

    private static void Watch(Inotify changes, SemaphoreSlim changed, Task end, CancellationToken cancellation)
    {
        using Epoll epoll = Epoll.Create();
        epoll.Add(changes.Descriptor, EpollEvents.EPOLLIN, 0);
        EpollEvent[] ready = new EpollEvent[1];
        InotifyEvent[] events = new InotifyEvent[64];
        while (!end.IsCompleted && !cancellation.IsCancellationRequested)
        {
            if (epoll.Wait(ready, Wake) > 0)
            {
                while (changes.Read(events) > 0)
                {
                    // What happened is seen by reading.
                }

                if (changed.CurrentCount == 0)
                {
                    changed.Release();
                }
            }
        }
    }
}
