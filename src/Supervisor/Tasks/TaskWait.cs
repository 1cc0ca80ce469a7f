using ShimStack.Api.Task;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Shims;
using ShimStack.Ttrpc;
using ShimWaited = ShimStack.Api.Task.WaitResponse;

namespace ShimStack.Supervisor.Tasks;

/// <summary>
/// Waits for the end of a process, in the shim, and in the one that takes its place. One that is lost meanwhile answers by what its loss has brought to
/// light.
/// </summary>
internal sealed class TaskWait(ShimCalls calls, DaemonEnd daemon)
{
    /// <exception cref="RpcException">NotFound; what the shim said; Unavailable: it is gone, and the end of the exec with it, or we end.</exception>
    public async Task<Api.Daemon.WaitResponse> WaitAsync(SupervisedTask task, string execId, CancellationToken cancellation)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, daemon.Begun);
        try
        {
            return await WaitInShimAsync(task, execId, end.Token);
        }
        catch (OperationCanceledException) when (daemon.Begun.IsCancellationRequested)
        {
            throw RpcException.Unavailable("shimstackd ends, and the container lives on: wait again when it is back");
        }
    }

    private async Task<Api.Daemon.WaitResponse> WaitInShimAsync(SupervisedTask task, string execId, CancellationToken cancellation)
    {
        Api.Task.WaitRequest request = new() { Id = task.Id, ExecId = execId };
        while (true)
        {
            ShimConnection shim = await task.Shim.WaitAsync(cancellation);
            try
            {
                ShimWaited waited = await shim.CallAsync(TaskServices.Wait, request, ShimWaited.Parser, cancellation);
                return new Api.Daemon.WaitResponse { ExitStatus = waited.ExitStatus, ExitedAt = waited.ExitedAt };
            }
            catch (RpcException e) when (shim.IsClosed)
            {
                if (await calls.TryNextAsync(task, shim, e, cancellation))
                {
                    continue;
                }

                if (execId.Length > 0)
                {
                    throw;
                }

                Api.Task.DeleteResponse exit = await task.LostExit.WaitAsync(cancellation);
                return new Api.Daemon.WaitResponse { ExitStatus = exit.ExitStatus, ExitedAt = exit.ExitedAt };
            }
        }
    }
}
