using System.Diagnostics.CodeAnalysis;
using ShimStack.Api.Task;
using ShimStack.Supervisor.Shims;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tasks;

/// <summary>A task that this daemon knows: it is listed from the moment its bundle is made until it is cleaned up, whatever its shim does.</summary>
/// <param name="bundle">Where it is.</param>
/// <param name="binary">The program of its shim.</param>
/// <param name="since">When its bundle was made.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to dispose.")]
internal sealed class SupervisedTask(Bundle bundle, string binary, DateTimeOffset since)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<ShimConnection> _connection = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DeleteResponse> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _turn = new(1);

    public Bundle Bundle => bundle;

    public string Namespace => bundle.Namespace;

    public string Id => bundle.Id;

    /// <summary>The program of its shim.</summary>
    public string Binary => binary;

    /// <summary>Where its shim listens, whichever process of it that is; null before it has told.</summary>
    public ShimAddress? Address { get; set; }

    /// <summary>When its bundle was made; its processes have had their pids since then.</summary>
    public DateTimeOffset Since => since;

    /// <summary>
    /// The shim, once its fate is known: at once for a task that is made here; after a restart when the shim has answered. NotFound if it turned
    /// out to be dead, and has been cleaned up.
    /// </summary>
    public Task<ShimConnection> Shim => Volatile.Read(ref _connection).Task;

    /// <summary>Whether the shim has answered, so that calls about the task do not have to wait.</summary>
    public bool IsConnected => Shim.IsCompletedSuccessfully;

    /// <summary>The reading of its shim's log, if there is one.</summary>
    public IDisposable? Log { get; set; }

    /// <summary>How its init process ended, once the task has ended; NotFound if that is not known.</summary>
    public Task<DeleteResponse> LostExit => _end.Task;

    /// <summary>The shim answers.</summary>
    public void Connected(ShimConnection shim) => Volatile.Read(ref _connection).TrySetResult(shim);

    /// <summary>
    /// The connection to the shim is gone, and another process may take the shim's place: from now on calls about the task wait until one has, or
    /// until none can.
    /// </summary>
    /// <param name="gone">The connection.</param>
    /// <returns>The shim after it; NotFound if the task has ended.</returns>
    public Task<ShimConnection> After(ShimConnection gone)
    {
        lock (_gate)
        {
            if (_connection.Task is { IsCompletedSuccessfully: true } known && known.Result == gone)
            {
                _connection = new TaskCompletionSource<ShimConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
                if (_end.Task.IsCompleted)
                {
                    Fail(_connection, Gone());
                }
            }

            return _connection.Task;
        }
    }

    /// <summary>There is no shim any more, and never will be.</summary>
    /// <param name="exit">How the init process ended.</param>
    public void Lost(DeleteResponse exit)
    {
        _end.TrySetResult(exit);
        Lost();
    }

    /// <summary>There is no shim any more, or never was, and how the init process ended is not known.</summary>
    public void Lost()
    {
        RpcException gone = Gone();
        lock (_gate)
        {
            Fail(_end, gone);
            Fail(_connection, gone);
        }
    }

    /// <summary>Ends the task, one try at a time: Deletes and the loss of the shim may meet. Nothing is done if it has ended.</summary>
    /// <param name="end">Does it, up to <see cref="Lost()"/>; when it fails the task stays, and the next try has its turn.</param>
    /// <param name="cancellation">Gives up waiting. An end that has begun goes on: half of one could be taken up by nobody.</param>
    /// <returns>False: it had ended.</returns>
    public async Task<bool> TryEndAsync(Func<Task> end, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        return await EndAsync(end).WaitAsync(cancellation);
    }

    /// <summary>Does something that must not meet an end of the task. Nothing is done if it has ended.</summary>
    public Task<bool> TryInTurnAsync(Func<Task> act) => TryEndAsync(act, CancellationToken.None);

    private RpcException Gone() => RpcException.NotFound($"task {Id} not found: its shim was dead, and its container has been cleaned up: not found");

    private static void Fail<T>(TaskCompletionSource<T> source, RpcException failure)
    {
        source.TrySetException(failure);
        _ = source.Task.Exception; // nobody may be waiting, and then it is nobody's failure
    }

    private async Task<bool> EndAsync(Func<Task> end)
    {
        try
        {
            if (_end.Task.IsCompleted)
            {
                return false;
            }

            await end();
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }
}
