using ShimStack.Drill.Record;
using ShimStack.Drill.Watching;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Targets;

/// <summary>The process of a target's daemon: started, ended, frozen, and started again.</summary>
internal sealed class TargetDaemon(ITarget target, WatchLoop loop, DrillRecord record)
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    private Task<ChildExit>? _end;

    /// <summary>0 when there is none.</summary>
    public int Pid { get; private set; }

    /// <summary>Completes when the process ends by whatever cause.</summary>
    public Task End => _end ?? Task.CompletedTask;

    /// <summary>Starts it; it does not answer yet.</summary>
    public async Task StartAsync()
    {
        using FileDescriptor log = Files.Open(target.Places.LogFile, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_APPEND,
            0x180 /* 0600 */);
        SpawnRequest command = target.Command() with { Descriptors = [new(log, 1), new(log, 2)], DieWithParent = true };
        (Pid, _end) = await loop.SpawnAsync(command);
        Note(DaemonState.Up, $"started as process {Pid}");
    }

    /// <summary>Sends SIGKILL or SIGTERM; returns when it is reaped.</summary>
    public async Task EndAsync(Signal signal)
    {
        if (_end is null)
        {
            return;
        }

        ProcessSignals.Send(Pid, (int)signal);
        ChildExit exit = await _end.WaitAsync(EndLimit);
        Note(DaemonState.Down, $"{signal}: process {Pid} has ended with {exit.Status}");
        (_end, Pid) = (null, 0);
    }

    public void Freeze()
    {
        ProcessSignals.Send(Pid, (int)Signal.SIGSTOP);
        Note(DaemonState.Frozen, $"SIGSTOP for process {Pid}");
    }

    public void Thaw()
    {
        ProcessSignals.Send(Pid, (int)Signal.SIGCONT);
        Note(DaemonState.Up, $"SIGCONT for process {Pid}");
    }

    private void Note(DaemonState state, string text) =>
        record.Note(EntryKind.Done, "daemon", text, now => record.Daemon.Add(new DaemonChange(now, state)));
}
