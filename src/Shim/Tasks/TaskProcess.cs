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

    public ProcessState State { get; private set; } = ProcessState.Created;

    /// <summary>0 before an exec is started.</summary>
    public int Pid { get; private set; }

    /// <summary>The streams, from the start of the runtime to Delete.</summary>
    public ProcessStdio? Stdio { get; private set; }

    /// <summary>The OCI process document of an exec that waits for its start; empty otherwise.</summary>
    public ReadOnlyMemory<byte> Spec { get; set; }

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

    /// <summary>Sets the exit, once, and answers every Wait.</summary>
    public void MarkExited(ExitStatus exit)
    {
        State = State.After(ProcessOperation.Exit);
        _exited.TrySetResult(exit);
    }

    public void MarkDeleted() => State = State.After(ProcessOperation.Delete);

    /// <summary>Puts it where another build of the shim has left it.</summary>
    public void Restore(ProcessState state, int pid, ExitStatus? exit)
    {
        State = state;
        Pid = pid;
        if (exit is not null)
        {
            _exited.TrySetResult(exit);
        }
    }
}
