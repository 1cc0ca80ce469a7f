using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Pipes;

namespace ShimStack.Shim.Stdio;

/// <summary>The kinds of descriptor that bytes go to.</summary>
internal enum SinkKind
{
    /// <summary>A client's FIFO: EPIPE means that the reader is away and may come back.</summary>
    Fifo,

    /// <summary>The container's stdin or terminal: EPIPE and EIO mean that nobody will read again.</summary>
    Process,

    /// <summary>A regular file or a device: never full, cannot be polled.</summary>
    File,
}

/// <summary>Where a <see cref="StreamCopy"/> puts bytes.</summary>
internal sealed class CopySink(FileDescriptor descriptor, SinkKind kind, bool isTerminal = false) : IDisposable
{
    private const byte EndOfTransmission = 4;

    public FileDescriptor Descriptor => descriptor;

    public SinkKind Kind => kind;

    public bool IsTerminal => isTerminal;

    /// <summary>A FIFO without a reader: bytes wait until <see cref="FifoReaders"/> sees one.</summary>
    public bool ReaderAway { get; private set; }

    /// <summary>Whether a FIFO has bytes that nobody has read yet.</summary>
    public bool HoldsBytes => Pipe.BytesReadable(descriptor) > 0;

    /// <summary>Whether splice(2) may be tried: pipes only.</summary>
    public bool TakesSplice => kind == SinkKind.Fifo || (kind == SinkKind.Process && !isTerminal);

    /// <summary>Writes once; <paramref name="count"/> is what was taken.</summary>
    public CopyStep Write(ReadOnlySpan<byte> bytes, out int count) => Judge("write", Files.Write(descriptor, bytes), out count);

    /// <summary>Moves up to <paramref name="length"/> bytes from a pipe without copying them.</summary>
    public CopyStep SpliceFrom(CopySource source, int length, out int count)
    {
        CopyStep step = Judge("splice", Splice.Move(source.Descriptor, descriptor, length), out count);

        // EAGAIN does not say which side it means.
        return step switch
        {
            CopyStep.Moved when count == 0 => CopyStep.SourceEnded,
            CopyStep.SinkFull when !ReaderAway && source.IsEmpty => CopyStep.SourceEmpty,
            _ => step,
        };
    }

    /// <summary>
    /// No more input comes. A pipe tells its reader by being closed; a terminal has no end of file of its own, so it is typed:
    /// twice after a line begun, the first only ends that line. See termios(3), VEOF.
    /// </summary>
    public void EndInput(byte lastByte)
    {
        if (isTerminal)
        {
            ReadOnlySpan<byte> typed = [EndOfTransmission, EndOfTransmission];
            Files.Write(descriptor, lastByte == (byte)'\n' ? typed[..1] : typed); // a terminal that is gone or full needs no end
        }
    }

    public void Dispose() => descriptor.Dispose();

    private CopyStep Judge(string call, IoResult result, out int count)
    {
        count = result.IsOk ? result.Count : 0;
        ReaderAway = kind == SinkKind.Fifo && result.Errno == Errno.EPIPE;
        return result switch
        {
            { IsOk: true } => CopyStep.Moved,
            { WouldBlock: true } => CopyStep.SinkFull,
            _ when ReaderAway => CopyStep.SinkFull,
            { Errno: Errno.EPIPE or Errno.EIO } when kind == SinkKind.Process => CopyStep.SinkGone,
            _ => throw new SyscallException(call, result.Errno),
        };
    }
}
