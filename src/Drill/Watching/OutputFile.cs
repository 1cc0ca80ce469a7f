using ShimStack.Drill.Record;
using ShimStack.Drill.Work;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Polling;

namespace ShimStack.Drill.Watching;

/// <summary>Follows the file into which a shim logs a container, as it grows. See inotify(7), IN_MODIFY.</summary>
internal sealed class OutputFile : IDisposable
{
    private const int BufferSize = 65536;

    private readonly WatchLoop _loop;
    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly Inotify _inotify = Inotify.Create();
    private readonly FileDescriptor _file;
    private readonly StreamCheck _check;
    private readonly DrillRecord _record;
    private readonly WatchLoop.Watched _watched;

    public OutputFile(WatchLoop loop, string path, DrillRecord record, StreamCheck check)
    {
        (_loop, _record, _check) = (loop, record, check);
        _file = Files.Open(path, OpenFlags.O_RDONLY | OpenFlags.O_CREAT, 0x180 /* 0600 */);
        _inotify.AddWatch(path, InotifyEvents.IN_MODIFY);
        _watched = loop.Watch(_inotify.Descriptor, Read);
    }

    public void Dispose()
    {
        _watched.Dispose();
        _loop.Post(_file.Dispose); // on its thread, which may be reading
    }

    private void Read(WatchLoop.Watched _)
    {
        Span<InotifyEvent> events = stackalloc InotifyEvent[16];
        while (_inotify.Read(events) > 0)
        {
            // That it grew is all there is to know.
        }

        while (Files.Read(_file, _buffer) is { IsOk: true, Count: > 0 } result)
        {
            _record.Change(() => _check.Take(_buffer.AsSpan(0, result.Count)));
        }
    }
}
