using System.Globalization;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Pipes;
using ShimStack.Native.Polling;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Stdio.Binaries;

/// <summary>
/// The shim's ends of the pipe from a container to its logging binary. The container writes straight into it. Our write end makes
/// that the logger sees the end at Delete and not before; our read end makes that the container is not killed by SIGPIPE when the
/// logger dies. It is read only then, and what comes is dropped.
/// </summary>
internal sealed class LoggerPipe : IDisposable
{
    private FileDescriptor? _readEnd;
    private StreamCopy? _lost;

    /// <summary>A new pipe. The logger gets <see cref="ReadEnd"/>, which we must not keep while it makes itself ready.</summary>
    public LoggerPipe()
    {
        PipePair pipe = Pipe.Create();
        (_readEnd, WriteEnd) = (pipe.ReadEnd, pipe.WriteEnd);
    }

    private LoggerPipe(FileDescriptor? readEnd, FileDescriptor? writeEnd) => (_readEnd, WriteEnd) = (readEnd, writeEnd);

    /// <summary>What the container writes to; null when a terminal's copy has it.</summary>
    public FileDescriptor? WriteEnd { get; private set; }

    public FileDescriptor ReadEnd => _readEnd ?? throw new InvalidOperationException("the read end is the logger's now");

    /// <summary>Nobody can read it: asked while we hold no read end ourselves.</summary>
    public bool HasNoReader => (Poll.Now(WriteEnd!, EpollEvents.EPOLLOUT) & EpollEvents.EPOLLERR) != 0;

    /// <summary>The logger has its copy of the read end: ours goes.</summary>
    public void CloseReadEnd()
    {
        _readEnd?.Dispose();
        _readEnd = null;
    }

    /// <summary>Takes a read end again, even of a pipe that nobody else reads. See pipe(7), proc_pid_fd(5).</summary>
    public void KeepReadEnd()
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{WriteEnd!.Number}");
        _readEnd = Files.Open(path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK);
    }

    /// <summary>For the copy of a terminal, which closes it at its own end; it is not killed by SIGPIPE.</summary>
    public CopySink TakeSink()
    {
        FileDescriptor end = WriteEnd!;
        WriteEnd = null;
        CloseReadEnd();
        Files.SetNonBlocking(end, true);
        return new CopySink(end, SinkKind.Logger);
    }

    /// <summary>The logger has died: what it has not read and what still comes is dropped and counted.</summary>
    public void DropFromNowOn(StdioContext context)
    {
        if (_readEnd is not null)
        {
            _lost = new StreamCopy("logger", context, new CopySource(_readEnd, SourceKind.Pipe), new LostOutput(context.Logger));
            _readEnd = null;
            _lost.Start();
        }
    }

    public LoggerPipeRecord PutDown(Inheritance left) => new()
    {
        ReadEnd = left.Leave(_readEnd),
        WriteEnd = left.Leave(WriteEnd),
        Lost = _lost?.PutDown(left),
    };

    /// <summary>The pipe that <see cref="PutDown"/> told of; <see cref="Start"/> goes on.</summary>
    public static LoggerPipe PickUp(StdioContext context, LoggerPipeRecord record) => new(TakeIfAny(record.ReadEnd), TakeIfAny(record.WriteEnd))
    {
        _lost = record.Lost is null ? null : StreamCopy.PickUp(context, record.Lost),
    };

    public void Start() => _lost?.Start();

    public void Dispose()
    {
        WriteEnd?.Dispose();
        CloseReadEnd();
        _lost?.Start(); // what has come since the last look is counted, too
        _lost?.Dispose();
    }

    private static FileDescriptor? TakeIfAny(uint number) => number == 0 ? null : FileDescriptor.Take((int)number);
}
