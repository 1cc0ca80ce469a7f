using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tasks;

/// <summary>What may follow what: the table of contract chapter 3.2, with its texts.</summary>
internal static class ProcessTransitions
{
    extension(ProcessState from)
    {
        /// <summary>The state after <paramref name="operation"/>.</summary>
        /// <exception cref="RpcException">The operation does not fit the state: Unknown, or NotFound for a process that is gone.</exception>
        public ProcessState After(ProcessOperation operation) => (from, operation) switch
        {
            (ProcessState.Deleted, ProcessOperation.Exit) => ProcessState.Deleted,
            (ProcessState.Deleted, ProcessOperation.Delete) => throw RpcException.NotFound("process is deleted already"),
            (_, ProcessOperation.Exit) => ProcessState.Stopped,
            (ProcessState.Created or ProcessState.Stopped, ProcessOperation.Delete) => ProcessState.Deleted,
            (ProcessState.Created, ProcessOperation.Start) => ProcessState.Running,
            (ProcessState.Running, ProcessOperation.Pause) => ProcessState.Paused,
            (ProcessState.Paused, ProcessOperation.Resume) => ProcessState.Running,
            (ProcessState.Created or ProcessState.Running or ProcessState.Paused, ProcessOperation.Update) => from,
            (ProcessState.Running or ProcessState.Paused, ProcessOperation.Checkpoint) => from,
            (ProcessState.Created or ProcessState.Running, ProcessOperation.Exec) => from,
            _ => throw RpcException.Unknown(Refusal(from, operation)),
        };
    }

    // The words of the reference, which clients show.
    private static string Refusal(ProcessState from, ProcessOperation operation) => (from, operation) switch
    {
        (ProcessState.Created, ProcessOperation.Pause) => "cannot pause task in created state",
        (ProcessState.Created, ProcessOperation.Resume) => "cannot resume task in created state",
        (ProcessState.Created, ProcessOperation.Checkpoint) => "cannot checkpoint a task in created state",
        (ProcessState.Paused, ProcessOperation.Pause) => "cannot pause a paused container",
        (ProcessState.Stopped, ProcessOperation.Pause) => "cannot pause a stopped container",
        (ProcessState.Stopped, ProcessOperation.Resume) => "cannot resume a stopped container",
        (ProcessState.Stopped, ProcessOperation.Update) => "cannot update a stopped container",
        (ProcessState.Stopped, ProcessOperation.Checkpoint) => "cannot checkpoint a stopped container",
        (ProcessState.Paused, ProcessOperation.Exec) => "cannot exec in a paused state",
        (ProcessState.Stopped, ProcessOperation.Exec) => "cannot exec in a stopped state",
        (ProcessState.Deleted, ProcessOperation.Exec) => "cannot exec in a deleted state",
        _ => $"cannot {operation.Word()} a {from.Word()} process",
    };

    extension(ProcessOperation operation)
    {
        private string Word() => operation switch
        {
            ProcessOperation.Start => "start",
            ProcessOperation.Delete => "delete",
            ProcessOperation.Pause => "pause",
            ProcessOperation.Resume => "resume",
            ProcessOperation.Update => "update",
            ProcessOperation.Checkpoint => "checkpoint",
            ProcessOperation.Exec => "exec",
            _ => "end",
        };
    }

    extension(ProcessState state)
    {
        private string Word() => state switch
        {
            ProcessState.Created => "created",
            ProcessState.Running => "running",
            ProcessState.Stopped => "stopped",
            ProcessState.Deleted => "deleted",
            _ => "paused",
        };
    }
}
