using ShimStack.Native;
using ShimStack.Native.Terminals;
using ShimStack.Shim.State;
using ShimStack.Shim.Stdio.Binaries;
using ShimStack.Shim.Stdio.Logs;

namespace ShimStack.Shim.Stdio;

/// <summary>The standard streams of one process: the copies that run, what keeps stdin open, and the terminal if there is one.</summary>
internal sealed class ProcessStdio : IDisposable
{
    private readonly List<StreamCopy> _outputs = [];
    private LoggingBinary? _logger;
    private Action? _changed;

    /// <summary>The copy into the container, if it has a stdin.</summary>
    public StreamCopy? Input { get; private set; }

    /// <summary>The copies out of the container.</summary>
    public IReadOnlyList<StreamCopy> Outputs => _outputs;

    /// <summary>All copies that run.</summary>
    public IEnumerable<StreamCopy> Copies
    {
        get
        {
            if (Input is not null)
            {
                yield return Input;
            }

            foreach (StreamCopy output in _outputs)
            {
                yield return output;
            }
        }
    }

    /// <summary>Our write end of the client's stdin FIFO: while it is open a client that detaches ends nothing.</summary>
    public FileDescriptor? InputHolder { get; private set; }

    /// <summary>The master of the terminal.</summary>
    public FileDescriptor? Console { get; private set; }

    /// <summary>Adds the files that its output goes to now, each once.</summary>
    public void CollectLogs(List<LogFile> logs)
    {
        foreach (StreamCopy output in _outputs)
        {
            if (output.Sink is LogSink sink && !logs.Contains(sink.File))
            {
                logs.Add(sink.File);
            }
        }
    }

    /// <summary>
    /// Ends when the last byte of output is with the client. Streams without a reader are not waited for: who deletes a process
    /// before reading its output does not want it.
    /// </summary>
    public Task DrainedAsync() =>
        Task.WhenAll(_outputs.FindAll(static output => !output.AwaitsReader).ConvertAll(static output => output.Done));

    /// <summary>Output is on its way to a reader who is there.</summary>
    public bool IsUnderWay => _outputs.Exists(static output => output.IsUnderWay);

    /// <summary>How many bytes of output would be lost by <see cref="CloseAsync"/>.</summary>
    public long Undelivered
    {
        get
        {
            long bytes = 0;
            foreach (StreamCopy output in _outputs)
            {
                bytes += output.Undelivered;
            }

            return bytes;
        }
    }

    public void SetInput(StreamCopy input, FileDescriptor? holder)
    {
        Input = input;
        InputHolder = holder;
    }

    public void AddOutput(StreamCopy output) => _outputs.Add(output);

    /// <summary>Calls back when nobody writes to an output any more: as a rule the first sign of the process's end, before the kernel tells its parent.</summary>
    public void OnOutputEnd(Action ended)
    {
        foreach (StreamCopy output in _outputs)
        {
            output.SourceEnds = ended;
        }
    }

    /// <summary>Calls back whenever its descriptors are others than before; the first who asks, and nobody else.</summary>
    public void Follow(Action changed)
    {
        if (_changed is null)
        {
            _changed = changed;
            foreach (StreamCopy copy in Copies)
            {
                copy.Changed = changed;
            }
        }
    }

    public void SetConsole(FileDescriptor master) => Console = master;

    /// <summary>The logging binary that takes its output; null for none.</summary>
    public void SetLogger(LoggingBinary? logger) => _logger = logger;

    /// <summary>Begins to move bytes.</summary>
    public void Start()
    {
        _logger?.Start();
        Input?.Start();
        foreach (StreamCopy output in _outputs)
        {
            output.Start();
        }
    }

    /// <summary>Lets go of stdin: the process sees its end when the client has closed its side, too. Again is harmless.</summary>
    public void CloseInput()
    {
        if (InputHolder is not null)
        {
            InputHolder.Dispose();
            InputHolder = null;
            _changed?.Invoke();
        }
    }

    /// <summary>Sets the size of the terminal; nothing happens where there is none.</summary>
    public void Resize(uint width, uint height)
    {
        if (Console is not null)
        {
            Terminal.SetSize(Console, (ushort)width, (ushort)height);
        }
    }

    /// <summary>The process has ended: a terminal's output ends with what is in it now.</summary>
    public void ProcessEnded()
    {
        if (Console is null)
        {
            return;
        }

        foreach (StreamCopy output in _outputs)
        {
            output.ProcessEnded();
        }
    }

    /// <summary>Leaves all descriptors, and tells what is needed to go on.</summary>
    public StdioRecord PutDown(Inheritance left)
    {
        StdioRecord record = new()
        {
            Input = Input?.PutDown(left),
            InputHolder = left.Leave(InputHolder),
            Console = left.Leave(Console),
            Logger = _logger?.PutDown(left),
        };
        foreach (StreamCopy output in _outputs)
        {
            if (output.PutDown(left) is StreamRecord stream)
            {
                record.Outputs.Add(stream);
            }
        }

        return record;
    }

    /// <summary>Goes on where <see cref="PutDown"/> has left off; <see cref="Start"/> begins.</summary>
    public static ProcessStdio PickUp(StdioContext context, StdioRecord record)
    {
        ProcessStdio stdio = new()
        {
            Input = record.Input is null ? null : StreamCopy.PickUp(context, record.Input),
            InputHolder = TakeIfAny(record.InputHolder),
            Console = TakeIfAny(record.Console),
            _logger = record.Logger is null ? null : LoggingBinary.PickUp(context, record.Logger),
        };
        foreach (StreamRecord output in record.Outputs)
        {
            stdio._outputs.Add(StreamCopy.PickUp(context, output));
        }

        return stdio;
    }

    /// <summary>Closes everything, output that was not delivered by now is given up; ends when the logging binary, if any, has ended.</summary>
    public Task CloseAsync()
    {
        Dispose();
        return _logger?.EndAsync() ?? Task.CompletedTask;
    }

    /// <summary>Closes the streams; a logging binary is <see cref="CloseAsync"/>'s.</summary>
    public void Dispose()
    {
        CloseInput();
        Input?.Dispose();
        foreach (StreamCopy output in _outputs)
        {
            output.Dispose();
        }

        Console?.Dispose();
    }

    private static FileDescriptor? TakeIfAny(uint number) => number == 0 ? null : FileDescriptor.Take((int)number);
}
