using Google.Protobuf;
using ShimStack.Native;
using ShimStack.Native.Polling;
using ShimStack.Shim.Loop;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Stdio;

/// <summary>
/// Moves the bytes of one stream. Small amounts are copied, because spliced buffers do not merge in the sink: sixteen short
/// lines would fill a FIFO that holds hundreds of written ones. A source that fills the copy buffer is spliced.
/// All waiting is for edges: nothing is done while nothing moves.
/// </summary>
internal sealed class StreamCopy : IReadiness, IDisposable
{
    private const int SpliceBytes = 1 << 20;
    private const int StepsPerTurn = 16;

    private readonly StdioContext _context;
    private readonly CopySource _source;
    private readonly ulong? _sourceTag;
    private readonly TaskCompletionSource _done = new();
    private readonly FifoDrain _drain;
    private CopySink? _sink;
    private readonly ulong? _sinkTag;
    private byte[] _pending;
    private bool _started;
    private bool _ended;
    private bool _bulk;
    private bool _sourceHungUp;
    private bool _turnQueued;
    private bool _readerWatched;

    /// <summary>Takes over both ends.</summary>
    /// <param name="context">The loop that moves the bytes, and what tells of readers that are back.</param>
    /// <param name="source">Non-blocking.</param>
    /// <param name="sink">Non-blocking; null drops the bytes.</param>
    /// <param name="pending">Bytes that were read before and not written yet.</param>
    public StreamCopy(StdioContext context, CopySource source, CopySink? sink, ReadOnlySpan<byte> pending = default)
    {
        _context = context;
        _source = source;
        _sink = sink;
        _pending = pending.ToArray();
        _drain = new FifoDrain(context.Loop.Timers, Move);
        _sourceTag = TryRegister(source.Descriptor, EpollEvents.EPOLLIN, this);
        _sinkTag = sink is null ? null : TryRegister(sink.Descriptor, EpollEvents.EPOLLOUT, new SinkReadiness(this));
    }

    /// <summary>Ends when the last byte is with the client or in its FIFO, or can leave no more.</summary>
    public Task Done => _done.Task;

    public CopySource Source => _source;

    public CopySink? Sink => _sink;

    /// <summary>All bytes are read, and what is in the FIFO waits for a reader who is not there.</summary>
    public bool AwaitsReader => _readerWatched;

    /// <summary>The last byte that was read; a line feed before the first.</summary>
    public byte LastByte { get; private set; } = (byte)'\n';

    /// <summary>
    /// Moves what is there until one side has to be waited for; from then on edges do. Before it nothing moves: the runtime has the process's
    /// ends while it makes it, and what it says there about its own failure is no output of a process that never was.
    /// </summary>
    public void Start()
    {
        _started = true;
        Move();
    }

    public void OnReady(EpollEvents events)
    {
        _sourceHungUp |= (events & (EpollEvents.EPOLLHUP | EpollEvents.EPOLLERR)) != 0;
        Move();
    }

    /// <summary>The process behind a terminal has ended: what is left is read, then the stream ends.</summary>
    public void ProcessEnded()
    {
        _source.ProcessEnded = true;
        Move();
    }

    /// <summary>Stops, gives both ends up without closing them, and tells all that is needed to go on; null if it has ended.</summary>
    public StreamRecord? PutDown()
    {
        if (_ended)
        {
            return null;
        }

        _ended = true;
        _drain.Dispose();
        Forget(_source.Descriptor, _sourceTag);
        StreamRecord record = new()
        {
            Pending = ByteString.CopyFrom(_pending),
            LastByte = LastByte,
            SourceKind = (uint)_source.Kind,
            ProcessEnded = _source.ProcessEnded,
            Source = (uint)_source.Descriptor.Release(),
        };
        if (_sink is not null)
        {
            ForgetSink(_sink);
            record.SinkKind = (uint)_sink.Kind;
            record.SinkIsTerminal = _sink.IsTerminal;
            record.Sink = (uint)_sink.Descriptor.Release();
        }

        return record;
    }

    /// <summary>Goes on where <see cref="PutDown"/> has left off; <see cref="Start"/> begins.</summary>
    public static StreamCopy PickUp(StdioContext context, StreamRecord record)
    {
        CopySource source = new(FileDescriptor.Take((int)record.Source), (SourceKind)record.SourceKind) { ProcessEnded = record.ProcessEnded };
        CopySink? sink = record.Sink == 0
            ? null
            : new CopySink(FileDescriptor.Take((int)record.Sink), (SinkKind)record.SinkKind, record.SinkIsTerminal);
        return new StreamCopy(context, source, sink, record.Pending.Span) { LastByte = (byte)record.LastByte, _sourceHungUp = true };
    }

    /// <summary>Closes both ends; bytes that are still on their way are given up.</summary>
    public void Dispose()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        _drain.Dispose();
        Forget(_source.Descriptor, _sourceTag);
        _source.Dispose();
        CloseSink();
        _done.TrySetResult();
    }

    private void Move()
    {
        for (int steps = 0; steps < StepsPerTurn; steps++)
        {
            if (_ended || !_started)
            {
                return;
            }

            CopyStep step = TryStep();
            if (step != CopyStep.Moved)
            {
                Settle(step);
                return;
            }
        }

        QueueTurn();
    }

    private void Settle(CopyStep step)
    {
        switch (step)
        {
            case CopyStep.SinkFull when _sink is { ReaderAway: true }:
                AwaitReader();
                break;
            case CopyStep.SourceEnded when _sink is { Kind: SinkKind.Fifo, HoldsBytes: true }:
                AwaitLastRead();
                break;
            case CopyStep.SourceEnded:
                _sink?.EndInput(LastByte);
                Dispose();
                break;
            case CopyStep.SinkGone when _sink is null or { Kind: SinkKind.Process }:
                Dispose();
                break;
            case CopyStep.SinkGone:
                // Closing the source would kill the container with SIGPIPE: its output is dropped from here on.
                _pending = [];
                CloseSink();
                QueueTurn();
                break;
            default:
                break;
        }
    }

    private CopyStep TryStep()
    {
        try
        {
            return Step();
        }
        catch (SyscallException e)
        {
            _context.Logger.StreamFailed(e);
            return CopyStep.SinkGone;
        }
    }

    private CopyStep Step()
    {
        if (_pending.Length > 0)
        {
            CopyStep written = _sink!.Write(_pending, out int count);
            _pending = count == 0 ? _pending : _pending[count..];
            return written;
        }

        if (_bulk)
        {
            CopyStep spliced = _sink!.SpliceFrom(_source, SpliceBytes, out int moved);
            _bulk = spliced == CopyStep.SinkFull || moved >= CopyBuffer.Size;
            return spliced;
        }

        Span<byte> buffer = CopyBuffer.Shared;
        CopyStep read = _source.Read(buffer, out int length);
        return read == CopyStep.Moved ? Write(buffer[..length]) : read;
    }

    private CopyStep Write(ReadOnlySpan<byte> bytes)
    {
        LastByte = bytes[^1];
        bool filled = bytes.Length == CopyBuffer.Size;
        bool pipe = _source.Kind == SourceKind.Pipe;
        if (_sink is not null)
        {
            _bulk = filled && pipe && _sink.TakesSplice;
            CopyStep written = _sink.Write(bytes, out int count);
            if (written is not (CopyStep.Moved or CopyStep.SinkFull))
            {
                return written;
            }

            if (count < bytes.Length)
            {
                _pending = bytes[count..].ToArray();
                return written;
            }
        }

        // A short read has emptied a pipe, and the next bytes bring an edge: asking once more would be a wasted call for each
        // line. The writer's end brings none if it came together with the bytes, and a regular file never brings any.
        return filled || !pipe || _sourceHungUp || _sourceTag is null ? CopyStep.Moved : CopyStep.SourceEmpty;
    }

    // A busy stream lets the others and the calls have their turn.
    private void QueueTurn()
    {
        if (!_turnQueued)
        {
            _turnQueued = true;
            _context.Loop.Post(static self => ((StreamCopy)self!).TakeTurn(), this);
        }
    }

    private void TakeTurn()
    {
        _turnQueued = false;
        Move();
    }

    private void AwaitReader()
    {
        if (!_readerWatched)
        {
            _readerWatched = true;
            _context.Readers.Watch(_sink!.Descriptor, ReaderIsBack);
        }
    }

    // The bytes of a FIFO are gone when its last end is closed, and its reader may be killed before it has read them: our end
    // stays until they are read, or until the process is deleted.
    private void AwaitLastRead()
    {
        if (FifoReaders.IsAway(_sink!.Descriptor))
        {
            AwaitReader();
        }
        else
        {
            _drain.CheckLater();
        }

        // Last: whoever waits goes on inside this call, and may dispose the copy.
        _done.TrySetResult();
    }

    private void ReaderIsBack()
    {
        _readerWatched = false;
        Move();
    }

    private ulong? TryRegister(FileDescriptor descriptor, EpollEvents interest, IReadiness handler)
    {
        try
        {
            return _context.Loop.Register(descriptor, interest, handler);
        }
        catch (SyscallException e) when (e.Errno == Errno.EPERM)
        {
            // Regular files and some devices cannot be polled, and never need to be.
            return null;
        }
    }

    private void CloseSink()
    {
        if (_sink is null)
        {
            return;
        }

        ForgetSink(_sink);
        _sink.Dispose();
        _sink = null;
        _bulk = false;
    }

    private void ForgetSink(CopySink sink)
    {
        Forget(sink.Descriptor, _sinkTag);
        if (_readerWatched)
        {
            _context.Readers.Forget(ReaderIsBack);
            _readerWatched = false;
        }
    }

    private void Forget(FileDescriptor descriptor, ulong? tag)
    {
        if (tag is ulong registered)
        {
            _context.Loop.Forget(descriptor, registered);
        }
    }

    private sealed class SinkReadiness(StreamCopy copy) : IReadiness
    {
        public void OnReady(EpollEvents events) => copy.Move();
    }
}
