using ShimStack.Native;
using ShimStack.Native.Pipes;

namespace ShimStack.Shim.Stdio;

/// <summary>
/// Moves bytes from a source to a sink, a little at each step, and never waits. Small amounts are copied, because spliced buffers
/// do not merge in the sink: sixteen short lines would fill a FIFO that holds hundreds of written ones. A source that fills the
/// copy buffer is spliced.
/// </summary>
internal sealed class ByteMover(CopySource source, ICopySink sink, byte[] pending, byte[] buffer)
{
    /// <summary>
    /// Of the one buffer through which all small amounts pass, since the loop moves one stream at a time. Also PIPE_BUF, see pipe(7):
    /// a write of at most this many bytes to a pipe is taken whole or not at all.
    /// </summary>
    public const int BufferSize = 4096;

    private const int SpliceBytes = 1 << 20;

    // What the pipes of a stream hold once it has filled one: fewer and longer turns for writer, shim and reader. A stream of lines never asks.
    private const int BulkPipeBytes = 512 * 1024;
    private bool _isWide;

    public CopySource Source => source;

    /// <summary>Where the bytes go from now on.</summary>
    public ICopySink Sink
    {
        get => sink;
        set
        {
            sink = value;
            IsBulk = false;
        }
    }

    /// <summary>Read from the source and not yet written.</summary>
    public ReadOnlyMemory<byte> Pending => pending;

    /// <summary>How many bytes have left the source.</summary>
    public long Moved { get; private set; }

    /// <summary>The next step is a splice: it takes all that is there.</summary>
    public bool IsBulk { get; private set; }

    /// <summary>The last byte that was read; a line feed before the first.</summary>
    public byte LastByte { get; set; } = (byte)'\n';

    /// <summary>The source may have ended without an edge still to come, so that only a read tells.</summary>
    public bool SourceMayHaveEnded { get; set; }

    /// <summary>One step.</summary>
    /// <exception cref="SyscallException">One side has failed for a reason that is not foreseen.</exception>
    public CopyStep Step()
    {
        if (pending.Length > 0)
        {
            CopyStep written = sink.Write(pending, out int count);
            pending = count == 0 ? pending : pending[count..];
            return written;
        }

        if (IsBulk)
        {
            CopyStep spliced = sink.SpliceFrom(source, SpliceBytes, out int moved);
            Moved += moved;
            IsBulk = spliced == CopyStep.SinkFull || moved >= BufferSize;
            return spliced;
        }

        CopyStep read = source.Read(buffer, out int length);
        return read == CopyStep.Moved ? Write(buffer.AsSpan(0, length)) : read;
    }

    private CopyStep Write(ReadOnlySpan<byte> bytes)
    {
        Moved += bytes.Length;
        LastByte = bytes[^1];
        bool filled = bytes.Length == BufferSize;
        bool pipe = source.Kind == SourceKind.Pipe;
        IsBulk = filled && pipe && sink.TakesSplice;
        if (IsBulk && !_isWide)
        {
            Widen();
        }

        CopyStep written = WriteOrKeep(bytes, out int count);
        if (count < bytes.Length)
        {
            pending = bytes[count..].ToArray();
            return written;
        }

        // A short read has emptied a pipe, and the next bytes bring an edge: asking once more would be a wasted call for each
        // line. The writer's end brings none if it came together with the bytes, and a regular file never brings any.
        return filled || !pipe || SourceMayHaveEnded ? CopyStep.Moved : CopyStep.SourceEmpty;
    }

    private void Widen()
    {
        _isWide = true;
        source.Widen(BulkPipeBytes);
        _ = sink.Polled is FileDescriptor end && Pipe.TrySetSize(end, BulkPipeBytes);
    }

    // What a sink has not taken is not gone: it goes to the next one, or is counted as lost.
    private CopyStep WriteOrKeep(ReadOnlySpan<byte> bytes, out int count)
    {
        try
        {
            return sink.Write(bytes, out count);
        }
        catch (SyscallException)
        {
            pending = bytes.ToArray();
            throw;
        }
    }
}
