using Google.Protobuf;
using ShimStack.Native.Processes;
using ShimStack.Shim.State;
using ShimStack.Shim.Stdio;

namespace ShimStack.Shim.Tasks;

/// <summary>
/// One process of a container, its init or an exec: what is known of it, for everybody who asks. Reading never waits;
/// whoever changes it holds its <see cref="Gate"/>.
/// </summary>
internal sealed class TaskProcess(string id, StdioPaths paths)
{
    private readonly TaskCompletionSource<ExitStatus> _exited = new();

    /// <summary>The container's id for its init, the exec id for an exec.</summary>
    public string Id => id;

    public StdioPaths Paths => paths;

    public ProcessGate Gate { get; } = new();

    /// <summary>
    /// Held, within <see cref="Gate"/>, by what must be over before the exit is told: a start, a checkpoint. All other operations may hang in
    /// the runtime while the process ends, and its end is told nevertheless.
    /// </summary>
    public ProcessGate ExitGate { get; } = new();

    public ProcessState State { get; private set; } = ProcessState.Created;

    /// <summary>0 before an exec is started.</summary>
    public int Pid { get; private set; }

    /// <summary>When it started, in clock ticks since boot; with the pid it names the process for good. 0 if it was gone too soon.</summary>
    public ulong StartTime { get; private set; }

    /// <summary>The daemon has acknowledged the event of its exit.</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>How many times its exit is still announced again, unless it is deleted before.</summary>
    public int RepeatsLeft { get; set; }

    /// <summary>The streams, from the start of the runtime to Delete.</summary>
    public ProcessStdio? Stdio { get; private set; }

    /// <summary>The OCI process document of an exec that waits for its start; empty otherwise.</summary>
    public ReadOnlyMemory<byte> Spec { get; set; }

    /// <summary>It has been reaped, so its pid may be another's by now, even if its exit is not announced yet.</summary>
    public bool IsReaped { get; set; }

    /// <summary>Null while it has not ended.</summary>
    public ExitStatus? Exit => _exited.Task.IsCompletedSuccessfully ? _exited.Task.Result : null;

    /// <summary>Ends when the process has; every Wait hangs on it.</summary>
    public Task<ExitStatus> Exited => _exited.Task;

    /// <summary>Checks that <paramref name="operation"/> fits the state, without doing it.</summary>
    /// <exception cref="Ttrpc.RpcException">It does not.</exception>
    public void Require(ProcessOperation operation) => _ = State.After(operation);

    /// <summary>CloseIO was called, which a quick client does even before the process has its streams.</summary>
    public bool InputClosed { get; private set; }

    /// <summary>The runtime made the process.</summary>
    public void Attach(int pid, ProcessStdio stdio)
    {
        Pid = pid;
        StartTime = ProcessStat.TryRead(pid)?.StartTime ?? 0;
        Stdio = stdio;
        if (InputClosed)
        {
            stdio.CloseInput();
        }
    }

    /// <summary>The client writes no more: once it has closed its side, too, the process sees the end of its stdin.</summary>
    public void CloseInput()
    {
        InputClosed = true;
        Stdio?.CloseInput();
    }

    public void MarkStarted() => State = State.After(ProcessOperation.Start);

    /// <summary>The runtime is freezing it now; told to who asks, in no record.</summary>
    public bool IsPausing { get; set; }

    public void MarkPaused() => State = State.After(ProcessOperation.Pause);

    public void MarkResumed() => State = State.After(ProcessOperation.Resume);

    /// <summary>Sets the exit, once, and answers every Wait.</summary>
    public void MarkExited(ExitStatus exit)
    {
        State = State.After(ProcessOperation.Exit);
        _exited.TrySetResult(exit);
    }

    public void MarkDeleted() => State = State.After(ProcessOperation.Delete);

    /// <summary>Tells all that is known of it. Nobody may hold its gate.</summary>
    public ProcessRecord PutDown(Inheritance left) => new()
    {
        Id = id,
        Pid = (uint)Pid,
        State = (uint)State,
        Exit = Exit?.ToRecord(),
        Stdin = paths.Stdin,
        Stdout = paths.Stdout,
        Stderr = paths.Stderr,
        Terminal = paths.Terminal,
        Spec = UnsafeByteOperations.UnsafeWrap(Spec),
        InputClosed = InputClosed,
        Stdio = Stdio?.PutDown(left),
        StartTime = StartTime,
        RepeatsLeft = (uint)RepeatsLeft,
        Announced = IsAnnounced,
    };

    /// <summary>The process that <see cref="PutDown"/> told of; its streams are not moving yet.</summary>
    public static TaskProcess PickUp(StdioContext context, ProcessRecord record)
    {
        TaskProcess process = new(record.Id, new StdioPaths(record.Stdin, record.Stdout, record.Stderr, record.Terminal))
        {
            Pid = (int)record.Pid,
            State = (ProcessState)record.State,
            Spec = record.Spec.Memory,
            InputClosed = record.InputClosed,
            Stdio = record.Stdio is null ? null : ProcessStdio.PickUp(context, record.Stdio),
            StartTime = record.StartTime,
            RepeatsLeft = (int)record.RepeatsLeft,
            IsAnnounced = record.Announced,
        };
        if (record.Exit is not null)
        {
            process._exited.SetResult(ExitStatus.From(record.Exit));
        }

        return process;
    }
}
