using Google.Protobuf;
using ShimStack.Native;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Stdio.Logs;

/// <summary>One stream into a log file, which takes everything.</summary>
internal sealed class LogSink : ICopySink
{
    private readonly StdioContext _context;
    private readonly LogFile _file;
    private readonly string _stream;
    private readonly LogLines? _lines;

    private LogSink(StdioContext context, LogFile file, LogFormat format, string stream)
    {
        (_context, _file, _stream) = (context, file, stream);
        _lines = format == LogFormat.Raw ? null : new LogLines(format, stream, context.Loop.Timers);
    }

    public LogFile File => _file;

    public FileDescriptor? Polled => null;

    public bool ReaderAway => false;

    public bool HoldsBytes => false;

    public bool TakesSplice => false; // a file that is opened to append refuses it, see splice(2)

    public bool EndsSource => false;

    public long Lost => _file.Lost;

    /// <summary>Opens the file for <paramref name="stream"/>.</summary>
    /// <inheritdoc cref="LogFiles.Open"/>
    public static LogSink Open(StdioContext context, LogTarget target, string stream) =>
        new(context, context.Logs.Open(target.Path, target.Options), target.Options.Format, stream);

    public CopyStep Write(ReadOnlySpan<byte> bytes, out int count)
    {
        count = bytes.Length;
        _file.Append(_lines is null ? bytes : _lines.Take(bytes), wholeLines: _lines is not null);
        return CopyStep.Moved;
    }

    public CopyStep SpliceFrom(CopySource source, int length, out int count) => throw new NotSupportedException("a log file takes no splice");

    public void EndInput(byte lastByte)
    {
        if (_lines is not null)
        {
            _file.Append(_lines.TakeEnd(), wholeLines: true);
        }
    }

    public void PutDown(StreamRecord record, Inheritance left) => record.Log = new LogStreamRecord
    {
        Path = _file.Path,
        Format = (uint)(_lines?.Format ?? LogFormat.Raw),
        Stream = _stream,
        LineBegun = _lines is null ? ByteString.Empty : ByteString.CopyFrom(_lines.Begun),
    };

    /// <summary>The sink that <see cref="PutDown"/> told of.</summary>
    public static LogSink PickUp(StdioContext context, LogStreamRecord record)
    {
        LogSink sink = new(context, context.Logs.Rejoin(record.Path), (LogFormat)record.Format, record.Stream);
        sink._lines?.Begin(record.LineBegun.Span);
        return sink;
    }

    public void Dispose()
    {
        EndInput(0);
        _context.Logs.Leave(_file);
    }
}
