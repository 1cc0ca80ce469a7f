using ShimStack.Api.Daemon;
using ShimStack.Api.Task;
using ShimStack.Supervisor.Shims;
using ShimStack.Ttrpc;
using ShimWaited = ShimStack.Api.Task.WaitResponse;

namespace ShimStack.Supervisor.Tasks;

/// <summary>Waits for the end of a process, in the shim.</summary>
internal sealed class TaskWait
{
    /// <exception cref="RpcException">NotFound; what the shim said.</exception>
    public async Task<Api.Daemon.WaitResponse> WaitAsync(SupervisedTask task, string execId, CancellationToken cancellation)
    {
        ShimConnection shim = await task.Shim.WaitAsync(cancellation);
        Api.Task.WaitRequest request = new() { Id = task.Id, ExecId = execId };
        ShimWaited waited = await shim.CallAsync(TaskServices.Wait, request, ShimWaited.Parser, cancellation);
        return new Api.Daemon.WaitResponse { ExitStatus = waited.ExitStatus, ExitedAt = waited.ExitedAt };
    }
}
