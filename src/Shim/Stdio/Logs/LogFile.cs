using Microsoft.Extensions.Logging;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Stdio.Logs;

/// <summary>
/// A file that output is appended to, by as many streams as have named it. Whatever happens to it, the container goes on: what
/// cannot be written is counted and reported.
/// </summary>
internal sealed class LogFile
{
    private readonly LogOptions _options;
    private readonly ILogger _logger;
    private readonly OutputLoss _loss;
    private FileDescriptor _file;
    private long _size;
    private bool _atLineStart;

    /// <summary>Takes over <paramref name="file"/>; see <see cref="LogFiles"/>, which knows who uses it.</summary>
    public LogFile(string path, LogOptions options, FileDescriptor file, ILogger logger)
        : this(path, options, file, logger, 0) => (_size, _atLineStart) = (Files.Status(file).Size, true);

    private LogFile(string path, LogOptions options, FileDescriptor file, ILogger logger, long lost)
    {
        (Path, _options, _file, _logger) = (path, options, file, logger);
        _loss = new OutputLoss(logger, $"for {path}", lost);
    }

    /// <summary>Without symbolic links, so that a link to it goes on to name the file that is written.</summary>
    public string Path { get; }

    /// <summary>How many streams use it.</summary>
    public int Users { get; set; }

    /// <summary>How many bytes of output could not be written.</summary>
    public long Lost => _loss.Bytes;

    /// <summary>Writes at the end, into the next file where this one is full.</summary>
    /// <param name="bytes">Written in this order and without anything in between.</param>
    /// <param name="wholeLines">They are lines, and a line that a failure has cut off must not swallow the first of them.</param>
    public void Append(ReadOnlySpan<byte> bytes, bool wholeLines)
    {
        if (wholeLines && !_atLineStart && !bytes.IsEmpty)
        {
            Write("\n"u8);
        }

        while (!bytes.IsEmpty)
        {
            int fitting = _options.MaxSize == 0 ? bytes.Length : LogRotation.Fitting(bytes, _options.MaxSize, _size, _atLineStart);
            if (fitting == 0)
            {
                Rotate();
                continue;
            }

            Write(bytes[..fitting]);
            bytes = bytes[fitting..];
        }
    }

    /// <summary>Goes on in the file that has the name now: somebody else has renamed or removed ours.</summary>
    /// <exception cref="SyscallException">It cannot be opened; output goes on into the old file.</exception>
    public void Reopen()
    {
        FileDescriptor next = LogFiles.OpenFile(Path);
        _file.Dispose();
        _file = next;
        _size = Files.Status(next).Size;
        _atLineStart = true;
    }

    public LogFileRecord PutDown(Inheritance left) => new()
    {
        Path = Path,
        MaxSize = _options.MaxSize,
        MaxFiles = (uint)_options.MaxFiles,
        Size = _size,
        MidLine = !_atLineStart,
        LostBytes = (ulong)_loss.Bytes,
        File = left.Leave(_file),
    };

    /// <summary>The file that <see cref="PutDown"/> told of, without its users.</summary>
    public static LogFile PickUp(LogFileRecord record, ILogger logger)
    {
        LogOptions options = new(MaxSize: record.MaxSize, MaxFiles: (int)record.MaxFiles);
        FileDescriptor file = FileDescriptor.Take((int)record.File);
        return new LogFile(record.Path, options, file, logger, (long)record.LostBytes) { _size = record.Size, _atLineStart = !record.MidLine };
    }

    public void Close()
    {
        _loss.Close();
        _file.Dispose();
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            IoResult written = Files.Write(_file, bytes);
            if (written.Count == 0)
            {
                _loss.Add(bytes.Length, $"write: {written.Errno}");
                return;
            }

            _size += written.Count;
            _atLineStart = bytes[written.Count - 1] == (byte)'\n';
            bytes = bytes[written.Count..];
        }
    }

    // Where it fails the file grows on, and is full again when it has grown by as much.
    private void Rotate()
    {
        try
        {
            LogRotation.Shift(Path, _options.MaxFiles);
            Reopen();
        }
        catch (SyscallException e)
        {
            _logger.RotationFailed(Path, e.Message);
        }

        _size = 0;
    }
}
