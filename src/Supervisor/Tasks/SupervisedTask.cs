using ShimStack.Api.Task;
using ShimStack.Supervisor.Shims;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tasks;

/// <summary>A task that this daemon knows: it is listed from the moment its bundle is made until it is cleaned up, whatever its shim does.</summary>
/// <param name="bundle">Where it is.</param>
/// <param name="binary">The program of its shim.</param>
/// <param name="since">Since when it is known here.</param>
internal sealed class SupervisedTask(Bundle bundle, string binary, DateTimeOffset since)
{
    private readonly TaskCompletionSource<ShimConnection> _connection = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DeleteResponse> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _ending;

    public Bundle Bundle => bundle;

    public string Namespace => bundle.Namespace;

    public string Id => bundle.Id;

    /// <summary>The program of its shim.</summary>
    public string Binary => binary;

    /// <summary>Since when it is known here; its processes have had their pids since then.</summary>
    public DateTimeOffset Since => since;

    /// <summary>
    /// The shim, once its fate is known: at once for a task that is made here; after a restart when the shim has answered. NotFound if it turned
    /// out to be dead, and has been cleaned up.
    /// </summary>
    public Task<ShimConnection> Shim => _connection.Task;

    /// <summary>Whether the shim has answered, so that calls about the task do not have to wait.</summary>
    public bool IsConnected => _connection.Task.IsCompletedSuccessfully;

    /// <summary>The reading of its shim's log, if there is one.</summary>
    public IDisposable? Log { get; set; }

    /// <summary>How its init process ended, when the task has ended because its shim is gone.</summary>
    public Task<DeleteResponse> LostExit => _end.Task;

    /// <summary>The shim answers.</summary>
    public void Connected(ShimConnection shim) => _connection.TrySetResult(shim);

    /// <summary>There is no shim any more, and never will be.</summary>
    /// <param name="exit">How the init process ended.</param>
    public void Lost(DeleteResponse exit)
    {
        _end.TrySetResult(exit);
        Lost();
    }

    /// <summary>There is no shim, and never was.</summary>
    public void Lost()
    {
        _connection.TrySetException(RpcException.NotFound($"task {Id} not found: its shim was dead, and its container has been cleaned up: not found"));
        _ = _connection.Task.Exception; // nobody may be waiting, and then it is nobody's failure
    }

    /// <summary>Takes the task's end for the caller: true once. Delete and the loss of the shim may meet.</summary>
    public bool TryBeginEnd() => Interlocked.Exchange(ref _ending, 1) == 0;

    /// <summary>A Delete that failed gives the end back.</summary>
    public void CancelEnd() => Volatile.Write(ref _ending, 0);
}
