namespace ShimStack.Bench.Daemons;

/// <summary>Sees a socket come to be, at no cost before. See inotify(7).</summary>
internal sealed class SocketWatch : IDisposable
{
    private readonly FileSystemWatcher _watcher;
    private readonly TaskCompletionSource _made = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="path">In a folder that is there.</param>
    internal SocketWatch(string path)
    {
        _watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!, Path.GetFileName(path)) { NotifyFilter = NotifyFilters.FileName };
        _watcher.Created += (_, _) => _made.TrySetResult();
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>Ends when it is there anew.</summary>
    internal Task Made => _made.Task;

    public void Dispose() => _watcher.Dispose();
}
