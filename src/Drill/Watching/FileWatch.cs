using ShimStack.Native;
using ShimStack.Native.Polling;

namespace ShimStack.Drill.Watching;

/// <summary>
/// Waits for a file or folder to come or go, by inotify(7) on what is there of its path: folders that are missing are watched as soon as
/// they come.
/// </summary>
internal sealed class FileWatch : IDisposable
{
    private const InotifyEvents Changes = InotifyEvents.IN_CREATE | InotifyEvents.IN_MOVED_TO | InotifyEvents.IN_DELETE
        | InotifyEvents.IN_MOVED_FROM | InotifyEvents.IN_CLOSE_WRITE | InotifyEvents.IN_DELETE_SELF;

    private readonly Inotify _inotify = Inotify.Create();
    private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WatchLoop.Watched _watched;
    private readonly string _root;
    private readonly string _path;
    private readonly bool _exists;

    /// <param name="loop">Where it is watched.</param>
    /// <param name="root">A folder above, which is there.</param>
    /// <param name="path">What is waited for.</param>
    /// <param name="exists">Waits for it to come; otherwise to go.</param>
    public FileWatch(WatchLoop loop, string root, string path, bool exists)
    {
        (_root, _path, _exists) = (root, path, exists);
        Look();
        _watched = loop.Watch(_inotify.Descriptor, Changed);
    }

    public Task Seen => _seen.Task;

    public void Dispose() => _watched.Dispose();

    private void Changed(WatchLoop.Watched _)
    {
        Span<InotifyEvent> events = stackalloc InotifyEvent[16];
        while (_inotify.Read(events) > 0)
        {
            // What happened does not matter: the truth is in the file system.
        }

        Look();
    }

    // The watches first, then the look: what comes in between is seen by one of them.
    private void Look()
    {
        string folder = _root;
        AddWatch(folder);
        foreach (string part in Path.GetRelativePath(_root, Path.GetDirectoryName(_path)!).Split('/').Where(static part => part != "."))
        {
            folder = Path.Combine(folder, part);
            AddWatch(folder);
        }

        if (Path.Exists(_path) == _exists)
        {
            _seen.TrySetResult();
        }
    }

    private void AddWatch(string folder)
    {
        try
        {
            _inotify.AddWatch(folder, Changes);
        }
        catch (SyscallException e) when (e.Errno == Errno.ENOENT)
        {
            // Not yet, or not any more; its parent tells.
        }
    }
}
