using System.Globalization;
using ShimStack.Drill.Record;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Watching;
using ShimStack.Native;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Live;

/// <summary>The daemon of the machine: nobody's child here, so its end is seen by a pidfd, and the machine starts it again.</summary>
internal sealed class LiveDaemon : IDaemon
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReapLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly LiveFacts _facts;
    private readonly WatchLoop _loop;
    private readonly DrillRecord _record;
    private DaemonProcess _process;
    private PidDescriptor? _held;
    private TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isToldToEnd;
    private bool _isFrozen;

    /// <exception cref="DrillException">It is not there any more, or is another one.</exception>
    public LiveDaemon(LiveFacts facts, WatchLoop loop, DrillRecord record)
    {
        (_facts, _loop, _record) = (facts, loop, record);
        _process = DaemonSocket.Owner(facts.Address);
        if (_process != facts.Daemon && !_process.IsSuccessorOf(facts.Daemon))
        {
            throw new DrillException($"the daemon at {facts.Address} is not the one that was asked about: {_process.CommandLine}");
        }

        Hold(_process, "runs");
    }

    public string Name => _process.Name;

    public int Pid => IsRunning ? _process.Pid : 0;

    public bool IsRunning => _held is not null;

    public Task End => IsRunning ? _end.Task : Task.CompletedTask;

    public async Task StartAsync() => Hold(await _facts.Start.StartAsync(_loop, _process), "started");

    public async Task EndAsync(Signal signal)
    {
        if (_held is null)
        {
            return;
        }

        _isToldToEnd = true;
        Send(signal);
        await EndedAsync(signal.ToString());
    }

    public void Freeze()
    {
        _isFrozen = true;
        Send(Signal.SIGSTOP);
        Note(DaemonState.Frozen, $"SIGSTOP for process {Pid}");
    }

    public void Thaw()
    {
        _isFrozen = false;
        Send(Signal.SIGCONT);
        Note(DaemonState.Up, $"SIGCONT for process {Pid}");
    }

    /// <summary>Whatever was being done to it: it goes on, or is started.</summary>
    public async Task RestoreAsync()
    {
        if (_isFrozen)
        {
            Thaw();
        }

        if (_held is not null && (_isToldToEnd || _end.Task.IsCompleted))
        {
            await EndedAsync("at last");
        }

        if (_held is null)
        {
            await StartAsync();
        }
    }

    /// <summary>It is not watched any more.</summary>
    public void Leave()
    {
        _held?.Dispose();
        _held = null;
    }

    private async Task EndedAsync(string how)
    {
        await _end.Task.WaitAsync(EndLimit);
        string code = _held?.TryExitStatus() is int status ? string.Create(CultureInfo.InvariantCulture, $" with {status}") : "";
        Note(DaemonState.Down, $"{how}: process {_process.Pid} has ended{code}");
        Leave();
        await ReapedAsync();
        await _facts.Start.EndedAsync(_loop);
    }

    // A pid file of it is in the way of the next one as long as the pid is somebody's, be it a zombie's. Who does not reap at all is not
    // waited for.
    private async Task ReapedAsync()
    {
        using CancellationTokenSource limit = new(ReapLimit);
        await _loop.ReapAsync();
        while (ProcessStat.TryRead(_process.Pid)?.StartTime == _process.StartTime && !limit.IsCancellationRequested)
        {
            await Task.Delay(Pause, CancellationToken.None); // Nobody but its parent is told.
        }
    }

    private void Send(Signal signal)
    {
        try
        {
            _held?.Send((int)signal);
        }
        catch (SyscallException e) when (e.Errno == Errno.ESRCH)
        {
            // It has ended by itself: that is seen.
        }
    }

    private void Hold(DaemonProcess process, string how)
    {
        (_process, _isToldToEnd) = (process, false);
        TaskCompletionSource end = _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            _held = PidDescriptor.Open(process.Pid);
            _loop.Watch(_held.Descriptor, watched =>
            {
                watched.Stop();
                end.TrySetResult();
            });
            Note(DaemonState.Up, $"{how} as process {process.Pid}");
        }
        catch (SyscallException e) when (e.Errno == Errno.ESRCH)
        {
            throw new DrillException($"{process.Name}, process {process.Pid}, ended at once: look at {_facts.Start.Log}", e);
        }
    }

    private void Note(DaemonState state, string text) => _record.Note(EntryKind.Done, "daemon", $"{Name}: {text}", now =>
        _record.Daemon.Add(new DaemonChange(now, state)));
}
