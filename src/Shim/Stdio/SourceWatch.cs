using ShimStack.Native.Polling;
using ShimStack.Shim.Loop;

namespace ShimStack.Shim.Stdio;

/// <summary>
/// Tells a stream when to read its source: at each edge, or at each tick while edges come too fast. The end of a source that is looked at
/// comes as an edge, too: epoll_ctl(2) reports EPOLLHUP and EPOLLERR whether they are asked for or not.
/// </summary>
internal sealed class SourceWatch : IReadiness, IDisposable
{
    private readonly StdioContext _context;
    private readonly Func<EpollEvents, long> _read;
    private readonly CopySource _source;
    private readonly PolledEnd _end;
    private Moderation _moderation;
    private long _total;
    private bool _disposed;

    /// <summary>Watches from now on.</summary>
    /// <param name="context">The loop and its clock.</param>
    /// <param name="source">What is watched.</param>
    /// <param name="read">
    /// Reads what is there, and says how many bytes it has read so far; is given what an edge has said, nothing for a tick.
    /// </param>
    public SourceWatch(StdioContext context, CopySource source, Func<EpollEvents, long> read)
    {
        (_context, _source, _read) = (context, source, read);
        _end = new PolledEnd(context.Loop, source.Descriptor, EpollEvents.EPOLLIN, this);
    }

    /// <summary>Whether the source can be watched.</summary>
    public bool IsPolled => _end.IsPolled;

    /// <summary>What the source gets from now on is found by the next look: no need to read until there is nothing.</summary>
    public bool Looks => _moderation.Looks;

    // A terminal is for people.
    private bool MayLook => _source is { Kind: SourceKind.Pipe, IsNarrow: false };

    public void OnReady(EpollEvents events)
    {
        if (HasRead(events) && MayLook && !Looks && !_disposed && _moderation.Edge(_context.Loop.Timers))
        {
            _end.Await(EpollEvents.None);
            _context.Ticks.Add(this);
        }
    }

    /// <summary>A tick.</summary>
    public void Look()
    {
        bool found = HasRead(EpollEvents.None) && MayLook;
        if (!_disposed && _moderation.Look(found))
        {
            _context.Ticks.Remove(this);
            _end.Await(EpollEvents.EPOLLIN); // what has come since the look is an edge
        }
    }

    public void Dispose()
    {
        _disposed = true;
        if (Looks)
        {
            _context.Ticks.Remove(this);
        }

        _end.Forget();
    }

    // Since the last time: room in the sink is a reason to read, too.
    private bool HasRead(EpollEvents events)
    {
        long before = _total;
        _total = _read(events);
        return _total != before;
    }
}
