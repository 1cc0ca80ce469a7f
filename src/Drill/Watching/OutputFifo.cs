using ShimStack.Drill.Record;
using ShimStack.Drill.Work;
using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Drill.Watching;

/// <summary>
/// The client of one output stream. Until the shim has opened the other end it holds that, too, so that it sees no end before there was a
/// writer. See fifo(7).
/// </summary>
internal sealed class OutputFifo : IDisposable
{
    private const int BufferSize = 65536;

    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly FileDescriptor _end;
    private readonly StreamCheck _check;
    private readonly StreamRecord _stream;
    private readonly DrillRecord _record;
    private readonly WatchLoop.Watched _watched;
    private FileDescriptor? _other;

    public OutputFifo(WatchLoop loop, string path, DrillRecord record, StreamRecord stream, StreamCheck check)
    {
        (_record, _stream, _check) = (record, stream, check);
        Files.MakeFifo(path, 0x180 /* 0600 */);
        _end = Files.Open(path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK);
        _other = Files.Open(path, OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK);
        _watched = loop.Watch(_end, Read);
    }

    /// <summary>The shim has it open now, or never will.</summary>
    public void LeaveOther() => Interlocked.Exchange(ref _other, null)?.Dispose();

    public void Dispose()
    {
        LeaveOther();
        _watched.Dispose();
    }

    private void Read(WatchLoop.Watched watched)
    {
        IoResult result = Files.Read(_end, _buffer);
        if (result.WouldBlock)
        {
            return;
        }

        _record.Change(() =>
        {
            _check.Take(_buffer.AsSpan(0, result.IsOk ? result.Count : 0));
            _stream.HasEnded |= result.IsEnd;
        });
        if (result.IsEnd)
        {
            // Level-triggered: an end would be told for ever.
            watched.Stop();
        }
    }
}
