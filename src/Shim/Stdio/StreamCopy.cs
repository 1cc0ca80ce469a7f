using Google.Protobuf;
using ShimStack.Native;
using ShimStack.Native.Pipes;
using ShimStack.Native.Polling;
using ShimStack.Shim.Loop;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Stdio;

/// <summary>
/// The life of one stream: <see cref="ByteMover"/> moves its bytes, here it is decided what is waited for and what an end on one
/// side means for the other. All waiting is for edges: nothing is done while nothing moves.
/// </summary>
internal sealed class StreamCopy : IDisposable
{
    private const int StepsPerTurn = 16;

    private readonly StdioContext _context;
    private readonly ByteMover _mover;
    private readonly SourceWatch _sourceWatch;
    private readonly LoopTurn _turn;
    private readonly TaskCompletionSource _done = new();
    private SinkWatch? _sinkWatch;
    private bool _started;
    private bool _ended;
    private bool _drainDue = true;

    /// <summary>Takes over both ends.</summary>
    /// <param name="name">stdin, stdout, stderr; logger for what a logging binary that died has left.</param>
    /// <param name="context">The loop that moves the bytes, and what tells of readers that are back.</param>
    /// <param name="source">Non-blocking.</param>
    /// <param name="sink">Non-blocking; null drops the bytes.</param>
    /// <param name="pending">Bytes that were read before and not written yet.</param>
    public StreamCopy(string name, StdioContext context, CopySource source, ICopySink? sink, ReadOnlySpan<byte> pending = default)
    {
        Name = name;
        _context = context;
        _mover = new ByteMover(source, sink ?? NoSink.Instance, pending.ToArray(), context.Buffer);
        _turn = new LoopTurn(context.Loop, Move);
        _sourceWatch = new SourceWatch(context, source, Read);
        _sinkWatch = new SinkWatch(context, sink?.Polled, DrainAndMove);
        _mover.SourceMayHaveEnded = !_sourceWatch.IsPolled;
        _mover.Sink.Attach(Move, () => Changed?.Invoke());
    }

    /// <summary>stdin, stdout, stderr or logger.</summary>
    public string Name { get; }

    /// <summary>Ends when the last byte is with the client or in its FIFO, or can leave no more.</summary>
    public Task Done => _done.Task;

    /// <summary>All bytes are read, and what is in the FIFO waits for a reader who is not there.</summary>
    public bool AwaitsReader => _sinkWatch is { AwaitsReader: true };

    /// <summary>Bytes are on their way to a reader who is there: not moved yet, or in its FIFO. What is in a terminal nobody knows.</summary>
    public bool IsUnderWay =>
        !_ended && !AwaitsReader && (!_mover.Pending.IsEmpty || _mover.Source.Readable > 0 || _mover.Sink.HoldsBytes);

    /// <summary>How many bytes would be lost if it were disposed now: what the process has written and its client can never read.</summary>
    public long Undelivered => _ended ? 0
        : _mover.Pending.Length + _mover.Source.Readable + _mover.Sink.Kept + (AwaitsReader ? Pipe.BytesReadable(_mover.Sink.Polled!) : 0);

    /// <summary>Called once, when nobody writes any more.</summary>
    public Action? SourceEnds { get; set; }

    /// <summary>Called whenever its descriptors are others than before: it has ended, or its bytes go elsewhere.</summary>
    public Action? Changed { get; set; }

    /// <summary>Where the bytes go now; null once the stream has ended.</summary>
    public ICopySink? Sink => _ended ? null : _mover.Sink;

    /// <summary>
    /// Moves what is there until one side has to be waited for; from then on edges do. Before it nothing moves: the runtime has the
    /// process's ends while it makes it, and what it says there about its own failure is no output of a process that never was.
    /// </summary>
    public void Start()
    {
        _started = true;
        Move();
    }

    private long Read(EpollEvents events)
    {
        _mover.SourceMayHaveEnded |= (events & (EpollEvents.EPOLLHUP | EpollEvents.EPOLLERR)) != 0;
        if (!_started)
        {
            // A runtime that says more than the pipe takes would wait for us while we wait for it.
            _started = _mover.Source.IsFilling;
        }

        Move();
        return _mover.Moved;
    }

    /// <summary>The process behind a terminal has ended: what is left is read, then the stream ends.</summary>
    public void ProcessEnded()
    {
        _mover.Source.ProcessEnded = true;
        Move();
    }

    /// <summary>Leaves both ends, and tells all that is needed to go on; null if it has ended.</summary>
    public StreamRecord? PutDown(Inheritance left)
    {
        if (_ended)
        {
            return null;
        }

        left.Stops(Forget);
        StreamRecord record = new()
        {
            Name = Name,
            Pending = ByteString.CopyFrom(_mover.Pending.Span),
            LastByte = _mover.LastByte,
            SourceKind = (uint)_mover.Source.Kind,
            ProcessEnded = _mover.Source.ProcessEnded,
            Source = left.Leave(_mover.Source.Descriptor),
        };
        _mover.Sink.PutDown(record, left);
        return record;
    }

    /// <summary>Goes on where <see cref="PutDown"/> has left off; <see cref="Start"/> begins.</summary>
    public static StreamCopy PickUp(StdioContext context, StreamRecord record)
    {
        CopySource source = new(FileDescriptor.Take((int)record.Source), (SourceKind)record.SourceKind) { ProcessEnded = record.ProcessEnded };
        StreamCopy copy = new(record.Name, context, source, SinkRecords.PickUp(context, record), record.Pending.Span);
        copy._mover.LastByte = (byte)record.LastByte;
        copy._mover.SourceMayHaveEnded = true;
        return copy;
    }

    /// <summary>Closes both ends; bytes that are still on their way are given up: see <see cref="Undelivered"/>.</summary>
    public void Dispose()
    {
        if (_ended)
        {
            return;
        }

        Forget();
        _mover.Source.Dispose();
        _mover.Sink.Dispose();
        Changed?.Invoke();
        _done.TrySetResult();
    }

    private void Move()
    {
        if (!_ended && _drainDue)
        {
            _drainDue = TryDrain();
        }

        Transfer();
        if (!_ended && _mover.Sink.ReaderAway)
        {
            _sinkWatch?.Reader.UntilBack(_mover.Sink.Polled!);
        }

        if (_drainDue && !_ended)
        {
            _turn.Queue();
        }
    }

    // Only a sink that may have room again is worth the attempt: not each line of a container that nobody reads.
    private void DrainAndMove()
    {
        _drainDue = true;
        Move();
    }

    private void Transfer()
    {
        for (int steps = 0; steps < StepsPerTurn; steps++)
        {
            if (_ended || !_started)
            {
                return;
            }

            bool isLast = _mover.IsBulk && _sourceWatch.Looks && !_mover.SourceMayHaveEnded;
            CopyStep step = TryStep();
            if (step != CopyStep.Moved)
            {
                Settle(step);
                return;
            }

            if (isLast)
            {
                return; // the splice has taken all; what a process in a hurry has written since is for the next look
            }
        }

        _turn.Queue(); // a busy stream lets the others and the calls have their turn
    }

    private void Settle(CopyStep step)
    {
        ICopySink sink = _mover.Sink;
        if (step == CopyStep.SourceEnded)
        {
            SourceEnds?.Invoke();
            SourceEnds = null;
        }

        switch (step)
        {
            case CopyStep.SourceEnded when sink.HoldsBytes:
                _sinkWatch?.Reader.UntilRead(sink.Polled!);
                if (sink.Kept == 0)
                {
                    _done.TrySetResult(); // last: whoever waits goes on inside this call, and may dispose the copy
                }

                break;
            case CopyStep.SourceEnded:
                sink.EndInput(_mover.LastByte);
                Dispose();
                break;
            case CopyStep.SinkGone when sink.EndsSource:
                Dispose();
                break;
            case CopyStep.SinkGone when sink is LostOutput or NoSink:
                Dispose(); // what takes everything cannot fail: it is the source that has
                break;
            case CopyStep.SinkGone:
                LoseTheRest(sink);
                break;
            default:
                break;
        }
    }

    // Closing the source would kill the container with SIGPIPE: its output is dropped from here on.
    private void LoseTheRest(ICopySink sink)
    {
        ForgetSink();
        sink.Dispose();
        _mover.Sink = new LostOutput(_context.Logger);
        Changed?.Invoke();
        _turn.Queue();
    }

    private bool TryDrain()
    {
        try
        {
            return _mover.Sink.Drain();
        }
        catch (SyscallException e)
        {
            _context.Logger.StreamFailed(e);
            LoseTheRest(_mover.Sink);
            return false;
        }
    }

    private CopyStep TryStep()
    {
        try
        {
            return _mover.Step();
        }
        catch (SyscallException e)
        {
            _context.Logger.StreamFailed(e);
            return CopyStep.SinkGone;
        }
    }

    private void Forget()
    {
        _ended = true;
        _sourceWatch.Dispose();
        ForgetSink();
    }

    private void ForgetSink()
    {
        _sinkWatch?.Dispose();
        _sinkWatch = null;
    }
}
