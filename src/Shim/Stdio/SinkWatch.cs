using ShimStack.Native;
using ShimStack.Native.Polling;
using ShimStack.Shim.Loop;

namespace ShimStack.Shim.Stdio;

/// <summary>Tells a stream when its sink may take bytes again: there is room, or a reader.</summary>
internal sealed class SinkWatch : IReadiness, IDisposable
{
    private readonly StdioContext _context;
    private readonly Action _goOn;
    private readonly PolledEnd _end;
    private ReaderWait? _reader;

    /// <summary>Watches for room from now on; a sink that cannot be polled always has some.</summary>
    public SinkWatch(StdioContext context, FileDescriptor? sink, Action goOn)
    {
        (_context, _goOn) = (context, goOn);
        _end = new PolledEnd(context.Loop, sink, EpollEvents.EPOLLOUT, this);
    }

    /// <summary>A reader is waited for who is away.</summary>
    public bool AwaitsReader => _reader is { IsWatching: true };

    /// <summary>For what only the reader can bring.</summary>
    public ReaderWait Reader => _reader ??= new ReaderWait(_context, _goOn);

    public void OnReady(EpollEvents events) => _goOn();

    public void Dispose()
    {
        _end.Forget();
        _reader?.Dispose();
    }
}
