using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tasks;

/// <summary>Where a process is in its life. The table of what may follow what is contract chapter 3.2.</summary>
internal enum ProcessState
{
    Created,
    Running,
    Stopped,
    Deleted,
}

/// <summary>What a client or the kernel does to a process.</summary>
internal enum ProcessOperation
{
    Start,
    Exit,
    Delete,
}

internal static class ProcessTransitions
{
    extension(ProcessState from)
    {
        /// <summary>The state after <paramref name="operation"/>.</summary>
        /// <exception cref="RpcException">Unknown, with the contract's text: the operation does not fit the state.</exception>
        public ProcessState After(ProcessOperation operation) => (from, operation) switch
        {
            (ProcessState.Created, ProcessOperation.Start) => ProcessState.Running,
            (ProcessState.Running, ProcessOperation.Start) => throw RpcException.Unknown("cannot start a running process"),
            (ProcessState.Stopped, ProcessOperation.Start) => throw RpcException.Unknown("cannot start a stopped process"),
            (ProcessState.Deleted, ProcessOperation.Start) => throw RpcException.Unknown("cannot start a deleted process"),
            (ProcessState.Created or ProcessState.Running or ProcessState.Stopped, ProcessOperation.Exit) => ProcessState.Stopped,
            (ProcessState.Deleted, ProcessOperation.Exit) => ProcessState.Deleted,
            (ProcessState.Created or ProcessState.Stopped, ProcessOperation.Delete) => ProcessState.Deleted,
            (ProcessState.Running, ProcessOperation.Delete) => throw RpcException.Unknown("cannot delete a running process"),
            (ProcessState.Deleted, ProcessOperation.Delete) => throw RpcException.NotFound("process is deleted already"),
            _ => throw RpcException.FailedPrecondition($"no operation {operation} in state {from}"),
        };
    }
}
