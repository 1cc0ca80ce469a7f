using ShimStack.Drill.Record;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Polling;

namespace ShimStack.Drill.Watching;

/// <summary>Takes what came, under the record's gate.</summary>
internal delegate void TakeBytes(ReadOnlySpan<byte> bytes);

/// <summary>Follows the file into which a shim logs a container, as it grows. See inotify(7), IN_MODIFY.</summary>
internal sealed class OutputFile : IDisposable
{
    private const int BufferSize = 65536;

    private readonly WatchLoop _loop;
    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly Inotify _inotify = Inotify.Create();
    private readonly FileDescriptor _file;
    private readonly TakeBytes _take;
    private readonly DrillRecord _record;
    private readonly WatchLoop.Watched _watched;

    public OutputFile(WatchLoop loop, string path, DrillRecord record, TakeBytes take)
    {
        (_loop, _record, _take) = (loop, record, take);
        _file = Files.Open(path, OpenFlags.O_RDONLY | OpenFlags.O_CREAT, 0x180 /* 0600 */);
        _inotify.AddWatch(path, InotifyEvents.IN_MODIFY);
        _watched = loop.Watch(_inotify.Descriptor, Read);
        // It may have grown before it was watched.
        loop.Post(() => ReadAll());
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

        ReadAll();
    }

    private void ReadAll()
    {
        while (!_file.IsClosed && Files.Read(_file, _buffer) is { IsOk: true, Count: > 0 } result)
        {
            _record.Change(() => _take(_buffer.AsSpan(0, result.Count)));
        }
    }
}
