using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Pipes;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Stdio;

/// <summary>The kinds of descriptor that bytes go to. The numbers are in the state records.</summary>
internal enum SinkKind
{
    /// <summary>A client's FIFO: EPIPE means that the reader is away and may come back.</summary>
    Fifo,

    /// <summary>The container's stdin or terminal: EPIPE and EIO mean that nobody will read again.</summary>
    Process,

    /// <summary>A regular file or a device: never full, cannot be polled.</summary>
    File,

    /// <summary>A logging binary's pipe: EPIPE means that it has died.</summary>
    Logger,
}

/// <summary>A descriptor that takes the bytes of a stream.</summary>
internal sealed class CopySink(FileDescriptor descriptor, SinkKind kind, bool isTerminal = false) : ICopySink
{
    private const byte EndOfTransmission = 4;

    public FileDescriptor Descriptor => descriptor;

    public FileDescriptor? Polled => descriptor;

    /// <summary>A client's FIFO, whose reader may come and go.</summary>
    public bool IsFifo => kind == SinkKind.Fifo;

    public bool ReaderAway { get; private set; }

    public bool HoldsBytes => kind == SinkKind.Fifo && Pipe.BytesReadable(descriptor) > 0;

    public bool TakesSplice => kind != SinkKind.File && !isTerminal;

    public bool EndsSource => kind == SinkKind.Process;

    /// <summary>The sink that <see cref="PutDown"/> told of.</summary>
    public static CopySink PickUp(StreamRecord record) =>
        new(FileDescriptor.Take((int)record.Sink), (SinkKind)record.SinkKind, record.SinkIsTerminal);

    public CopyStep Write(ReadOnlySpan<byte> bytes, out int count) => Judge("write", Files.Write(descriptor, bytes), out count);

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
    /// A pipe tells its reader the end by being closed; a terminal has no end of file of its own, so it is typed: twice after a
    /// line begun, the first only ends that line. See termios(3), VEOF.
    /// </summary>
    public void EndInput(byte lastByte)
    {
        if (isTerminal)
        {
            ReadOnlySpan<byte> typed = [EndOfTransmission, EndOfTransmission];
            Files.Write(descriptor, lastByte == (byte)'\n' ? typed[..1] : typed); // a terminal that is gone or full needs no end
        }
    }

    public void PutDown(StreamRecord record, Inheritance left)
    {
        record.SinkKind = (uint)kind;
        record.SinkIsTerminal = isTerminal;
        record.Sink = left.Leave(descriptor);
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
            { Errno: Errno.EPIPE or Errno.EIO } when kind is SinkKind.Process or SinkKind.Logger => CopyStep.SinkGone,
            _ => throw new SyscallException(call, result.Errno),
        };
    }
}
