using ShimStack.Native;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Stdio.Spooling;

/// <summary>
/// A client's FIFO, and a spool for the time when nobody reads it: no reader is there, or one that has taken nothing for a while. Then its
/// container writes on, and everything follows in order when it is read again. A reader that is merely slow is waited for.
/// </summary>
internal sealed class SpooledFifo : ICopySink
{
    private const int DrainSteps = 16;

    private readonly StdioContext _context;
    private readonly CopySink _fifo;
    private readonly string _work;
    private readonly StuckReader _stuck;
    private readonly OutputLoss _loss;
    private SpoolFile? _spool;
    private Action? _move;
    private Action? _changed;
    private bool _isUnavailable;

    private SpooledFifo(StdioContext context, CopySink fifo, string work, SpoolFile? spool, long dropped = 0)
    {
        (_context, _fifo, _work, _spool) = (context, fifo, work, spool);
        _loss = new OutputLoss(context.Logger, "that nobody read", dropped);
        _stuck = new StuckReader(context.Loop.Timers, () => context.Spools.After, Stuck);
    }

    public FileDescriptor? Polled => _fifo.Polled;

    public bool ReaderAway => _fifo.ReaderAway;

    public bool HoldsBytes => Kept > 0 || _fifo.HoldsBytes;

    public bool TakesSplice => _spool is null;

    public bool EndsSource => false;

    public long Kept => _spool?.Count ?? 0;

    public long Lost => _loss.Bytes;

    /// <summary>The output end of a client with a spool behind it, if it is a FIFO and spools are switched on; else as it is.</summary>
    public static ICopySink Over(StdioContext context, CopySink output, string work) =>
        !context.Spools.IsOn || !output.IsFifo || work.Length == 0 ? output : new SpooledFifo(context, output, work, spool: null);

    /// <summary>The sink that <see cref="PutDown"/> told of.</summary>
    public static SpooledFifo PickUp(StdioContext context, StreamRecord record)
    {
        return new SpooledFifo(context, CopySink.PickUp(record), record.Fifo.Work, SpoolFile.PickUp(record.Fifo, context.Spools.OutlivesShim), record.Fifo.Dropped);
    }

    public void Attach(Action move, Action changed) => (_move, _changed) = (move, changed);

    public CopyStep Write(ReadOnlySpan<byte> bytes, out int count)
    {
        if (_spool is not null)
        {
            return Keep(_spool, bytes, out count);
        }

        CopyStep step = _fifo.Write(bytes, out count);
        return Judge(step, count) ? Keep(_spool!, bytes, out count) : step;
    }

    // With a spool bytes are copied: the mover asks again, without splice.
    public CopyStep SpliceFrom(CopySource source, int length, out int count)
    {
        count = 0;
        if (_spool is not null)
        {
            return CopyStep.Moved;
        }

        CopyStep step = _fifo.SpliceFrom(source, length, out count);
        return Judge(step, count) ? CopyStep.Moved : step;
    }

    public bool Drain()
    {
        for (int steps = 0; _spool is { Count: > 0 } spool; steps++)
        {
            if (steps == DrainSteps)
            {
                return true;
            }

            Span<byte> bytes = _context.Buffer.AsSpan(0, spool.Peek(_context.Buffer));
            CopyStep step = _fifo.Write(bytes, out int count);
            spool.Drop(count);
            _stuck.Took(count);
            if (step != CopyStep.Moved)
            {
                return false;
            }
        }

        if (_spool is not null)
        {
            _context.Logger.SpoolDrained(_spool.Total);
            CloseSpool();
            _changed?.Invoke();
        }

        return false;
    }

    public void EndInput(byte lastByte) => _fifo.EndInput(lastByte);

    public void PutDown(StreamRecord record, Inheritance left)
    {
        left.Stops(_stuck.Dispose);
        record.Fifo = new FifoRecord { Work = _work, Dropped = Lost };
        _spool?.PutDown(record.Fifo, left);
        _fifo.PutDown(record, left);
    }

    public void Dispose()
    {
        _stuck.Dispose();
        _loss.Close();
        CloseSpool();
        _fifo.Dispose();
    }

    // Whether what could not be written is to be kept: at once without a reader, after a while with one.
    private bool Judge(CopyStep step, int count)
    {
        _stuck.Took(count);
        if (step != CopyStep.SinkFull)
        {
            return false;
        }

        if (_fifo.ReaderAway)
        {
            return TryOpen("no reader is there");
        }

        _stuck.Watch();
        return false;
    }

    private CopyStep Keep(SpoolFile spool, ReadOnlySpan<byte> bytes, out int count)
    {
        try
        {
            if (_context.Spools.DropsOldest && bytes.Length > spool.Room)
            {
                int excess = (int)Math.Min(bytes.Length - spool.Room, spool.Count);
                spool.Drop(excess);
                _loss.Add(excess, "its spool is full");
            }

            count = spool.Append(bytes);
            return count > 0 ? CopyStep.Moved : CopyStep.SinkFull;
        }
        catch (SyscallException e)
        {
            // A full disk is a full spool: the container waits until there is room, or the reader is back.
            Report(e.Message);
            count = 0;
            return CopyStep.SinkFull;
        }
    }

    private void Stuck()
    {
        if (_spool is null && TryOpen($"its reader has taken nothing for {_context.Spools.After.TotalSeconds:0.###} s"))
        {
            _move?.Invoke();
        }
    }

    private bool TryOpen(string reason)
    {
        try
        {
            _spool = _context.Spools.Open(_work);
            _context.Logger.SpoolBegun(reason);
            _changed?.Invoke();
            return true;
        }
        catch (Exception e) when (e is SyscallException or IOException)
        {
            Report(e.Message);
            return false;
        }
    }

    private void Report(string reason)
    {
        if (!_isUnavailable)
        {
            _isUnavailable = true;
            _context.Logger.SpoolUnavailable(reason);
        }
    }

    private void CloseSpool()
    {
        _spool?.Dispose();
        _spool = null;
    }
}
