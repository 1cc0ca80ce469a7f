using ShimStack.Native.Files;
using ShimStack.Native.Processes;
using ShimStack.Shim.Reaping;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Stdio.Binaries;

/// <summary>
/// The program that takes a process's output, from its start to Delete: a child of the shim, reaped as all are. It does not die
/// with the shim; the end of its pipes ends it then. The logger is the process that was started: one that leaves its work to
/// another has died as far as the shim can know.
/// </summary>
internal sealed class LoggingBinary
{
    // Together what the reference waits after its SIGTERM, which it sends at once: bytes that are still in the pipe, or that the
    // logger has read and not yet written, would go with it.
    private static readonly TimeSpan OwnPace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AfterSigterm = TimeSpan.FromSeconds(10);

    private readonly StdioContext _context;
    private readonly LoggerPipe _output;
    private readonly LoggerPipe _errors;
    private readonly Task<ReapedExit> _exit;
    private bool _ending;

    /// <summary>Takes over the pipes of a child that was spawned in this turn of the loop.</summary>
    public LoggingBinary(StdioContext context, int pid, LoggerPipe output, LoggerPipe errors)
    {
        (_context, Pid, _output, _errors) = (context, pid, output, errors);
        _exit = context.Reaper.ExitOf(pid);
        context.Background.Run("end of a logging binary", FollowAsync);
    }

    public int Pid { get; }

    /// <summary>It has ended, or is about to.</summary>
    public bool IsDying => _exit.IsCompleted || ProcessStat.TryRead(Pid) is null or { IsExiting: true };

    /// <summary>Asked before <see cref="KeepReadEnds"/>: it reads neither stream.</summary>
    public bool HasNoReader => _output.HasNoReader && _errors.HasNoReader;

    /// <summary>From now on a container may write, and does not die with the logger.</summary>
    public void KeepReadEnds()
    {
        _output.KeepReadEnd();
        _errors.KeepReadEnd();
        if (_exit.IsCompleted)
        {
            DropOutput();
        }
    }

    /// <summary>The ends for the process itself, which has no terminal; stdin is /dev/null.</summary>
    public ChildStdio EndsFor(StreamOwner owner)
    {
        Files.SetOwner(_output.WriteEnd!, owner.Uid, owner.Gid);
        Files.SetOwner(_errors.WriteEnd!, owner.Uid, owner.Gid);
        return new ChildStdio(null, Files.Duplicate(_output.WriteEnd!), Files.Duplicate(_errors.WriteEnd!));
    }

    /// <summary>Where the copy of a terminal puts its bytes; stderr stays open and silent until Delete.</summary>
    public CopySink TakeOutput() => _output.TakeSink();

    /// <summary>Closes the pipes and waits for the logger's end: of itself, by SIGTERM, and after 12 s by SIGKILL.</summary>
    public async Task EndAsync()
    {
        ClosePipes();
        if (!await EndsWithinAsync(OwnPace))
        {
            ProcessSignals.Send(Pid, (int)Signal.SIGTERM);
            if (!await EndsWithinAsync(AfterSigterm))
            {
                _context.Logger.LoggerKilled(Pid, (OwnPace + AfterSigterm).TotalSeconds);
                ProcessSignals.Send(Pid, (int)Signal.SIGKILL);
            }
        }
    }

    /// <summary>Ends it without waiting: nothing of worth is in its pipes.</summary>
    public void Kill()
    {
        ClosePipes();
        if (!_exit.IsCompleted)
        {
            ProcessSignals.Send(Pid, (int)Signal.SIGKILL);
        }
    }

    public LoggerRecord PutDown(Inheritance left) => new()
    {
        Pid = _exit.IsCompleted ? 0 : (uint)Pid,
        Output = _output.PutDown(left),
        Errors = _errors.PutDown(left),
    };

    /// <summary>The logger that <see cref="PutDown"/> told of; who has ended meanwhile is reaped next.</summary>
    public static LoggingBinary PickUp(StdioContext context, LoggerRecord record) => new(
        context, record, LoggerPipe.PickUp(context, record.Output), LoggerPipe.PickUp(context, record.Errors));

    /// <summary>Goes on with what a picked up logger has lost.</summary>
    public void Start()
    {
        _output.Start();
        _errors.Start();
    }

    private LoggingBinary(StdioContext context, LoggerRecord record, LoggerPipe output, LoggerPipe errors)
    {
        (_context, Pid, _output, _errors) = (context, (int)record.Pid, output, errors);
        _exit = record.Pid == 0 ? Task.FromResult(default(ReapedExit)) : context.Reaper.ExitOf(Pid);
        if (record.Pid != 0)
        {
            context.Background.Run("end of a logging binary", FollowAsync);
        }
    }

    private async Task FollowAsync()
    {
        ReapedExit exit = await _exit;
        if (!_ending)
        {
            _context.Logger.LoggerDied(Pid, exit.Status);
            DropOutput();
        }
    }

    private void DropOutput()
    {
        _output.DropFromNowOn(_context);
        _errors.DropFromNowOn(_context);
    }

    private async Task<bool> EndsWithinAsync(TimeSpan limit)
    {
        if (_exit.IsCompleted)
        {
            return true;
        }

        using CancellationTokenSource ended = new();
        Task first = await Task.WhenAny(_exit, Task.Delay(limit, _context.Loop.Timers, ended.Token));
        ended.Cancel();
        return first == _exit;
    }

    private void ClosePipes()
    {
        _ending = true;
        _output.Dispose();
        _errors.Dispose();
    }
}
