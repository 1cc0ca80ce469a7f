using System.Globalization;
using ShimStack.Drill.Apis;
using ShimStack.Drill.Record;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Watching;
using ShimStack.Drill.Work;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Running;

/// <summary>A process of the drill as it is in the world: its streams, and what sees it end.</summary>
internal sealed class LiveProcess : IDisposable
{
    private readonly WatchLoop _loop;
    private readonly DrillRecord _record;
    private readonly OutputFifo? _output;
    private readonly OutputFifo? _errors;
    private OutputFile? _file;
    private ProcessWatch? _watch;

    public LiveProcess(WatchLoop loop, TargetPlaces places, DrillRecord record, Subject subject)
    {
        (_loop, _record, Subject) = (loop, record, subject);
        if (!record.Promises.HandsOutput)
        {
            return;
        }

        string path = Path.Combine(places.Output, subject.Name);
        StreamCheck output = new(subject.Output, subject.Name, 1);
        if (subject.Order.LogsToFile)
        {
            _file = new OutputFile(loop, $"{path}.log", record, output.Take);
            string uri = subject.Order.HasLogger ? LoggerProgram.UriOf(places, subject.Name, $"{path}.log") : $"file://{path}.log";
            Paths = new StreamPaths(uri, uri);
            return;
        }

        _output = new OutputFifo(loop, $"{path}.out", record, subject.Output, output);
        _errors = new OutputFifo(loop, $"{path}.err", record, subject.Errors, new StreamCheck(subject.Errors, subject.Name, 2));
        Paths = new StreamPaths($"{path}.out", $"{path}.err");
    }

    public Subject Subject { get; }

    /// <summary>What the daemon is given; nothing where it reads output itself.</summary>
    public StreamPaths Paths { get; } = new("", "");

    /// <summary>The daemon has it; whoever reads the output itself has said where that goes.</summary>
    public void Created()
    {
        if (Subject.LogFile is string log && _file is null)
        {
            _file = new OutputFile(_loop, log, _record, new DockerLog(Subject).Take);
        }
    }

    /// <summary>It is known which process it is, whether it still runs or not.</summary>
    public void Found(int pid)
    {
        if (_watch is not null)
        {
            return;
        }

        ulong start = ProcessStat.TryRead(pid)?.StartTime ?? 0;
        _record.Change(() => (Subject.Pid, Subject.StartTime) = (pid, start));
        _watch = pid == 0 ? null : ProcessWatch.TryStart(_loop, _record, Subject);
        if (_watch is null)
        {
            _record.Note(EntryKind.Exit, Subject.Name, $"process {pid} had ended before it was known", now => Subject.Ended ??= now);
        }
    }

    /// <summary>The shim has the streams.</summary>
    public void Started(string how)
    {
        _output?.LeaveOther();
        _errors?.LeaveOther();
        _record.Note(EntryKind.Done, Subject.Name, string.Create(CultureInfo.InvariantCulture, $"{how} as process {Subject.Pid}"), now =>
        {
            Subject.Started ??= now;
            Subject.Life = Subject.Life == Life.Making ? Life.Running : Subject.Life;
        });
    }

    /// <summary>Asks the kernel how it ended, once that can be known. Under the record's gate.</summary>
    public void ReadKernelCode()
    {
        if (Subject.Ended is not null)
        {
            Subject.KernelCode ??= _watch?.TryCode();
        }
    }

    /// <summary>A signal past the daemon.</summary>
    public void Send(Signal signal) => _watch?.Send(signal);

    public void Dispose()
    {
        _output?.Dispose();
        _errors?.Dispose();
        _file?.Dispose();
        _watch?.Dispose();
    }
}
