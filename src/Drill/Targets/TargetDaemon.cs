using ShimStack.Drill.Record;
using ShimStack.Drill.Watching;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Targets;

/// <summary>The process of a target's daemon.</summary>
/// <param name="name">For the journal.</param>
/// <param name="command">How it is started, each time anew; its descriptors are added.</param>
/// <param name="log">A file.</param>
/// <param name="loop">Its parent.</param>
/// <param name="record">What is done to it goes there.</param>
internal sealed class TargetDaemon(string name, Func<SpawnRequest> command, string log, WatchLoop loop, DrillRecord record) : IDaemon
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    private Task<ChildExit>? _end;

    public string Name => name;

    public int Pid { get; private set; }

    public bool IsRunning => _end is not null;

    public Task End => _end ?? Task.CompletedTask;

    /// <summary>Without it another one cannot do its work: what is done to it is done to the whole.</summary>
    public IDaemon? Above { get; init; }

    public async Task StartAsync()
    {
        using FileDescriptor file = Files.Open(log, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_APPEND,
            0x180 /* 0600 */);
        (Pid, _end) = await loop.SpawnAsync(command() with { Descriptors = [new(file, 1), new(file, 2)], DieWithParent = true });
        Note(DaemonState.Up, $"started as process {Pid}");
    }

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

    // Up is only what can serve.
    private void Note(DaemonState state, string text) =>
        record.Note(EntryKind.Done, "daemon", $"{name}: {text}", now =>
        {
            if (state != DaemonState.Up || Above is null || Above.IsRunning)
            {
                record.Daemon.Add(new DaemonChange(now, state));
            }
        });
}
