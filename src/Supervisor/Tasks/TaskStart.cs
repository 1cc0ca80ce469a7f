using ShimStack.Api.Task;
using ShimStack.Api.Types;
using ShimStack.Supervisor.Parking;
using ShimStack.Supervisor.Shims;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tasks;

/// <summary>Start: of a task or an exec.</summary>
internal sealed class TaskStart(ShimCalls calls, ShimReplacement replacement)
{
    /// <returns>The pid.</returns>
    /// <exception cref="RpcException">What the shim said.</exception>
    public async Task<uint> StartAsync(SupervisedTask task, string execId, CancellationToken cancellation)
    {
        StartRequest request = new() { Id = task.Id, ExecId = execId };
        replacement.ExpectProcess();
        ShimConnection shim = await calls.ShimOfAsync(task, cancellation);
        try
        {
            return await StartAsync(shim, request, cancellation);
        }
        catch (RpcException e) when (shim.IsClosed)
        {
            if (!await calls.TryNextAsync(task, shim, e, cancellation))
            {
                throw;
            }
        }

        return await StartAgainAsync(task, request, cancellation);
    }

    // The shim died meanwhile. The one in its place finds out how far that had come, and refuses to start what was started.
    private async Task<uint> StartAgainAsync(SupervisedTask task, StartRequest request, CancellationToken cancellation)
    {
        try
        {
            return await calls.AskAsync(task, shim => StartAsync(shim, request, cancellation), cancellation);
        }
        catch (RpcException)
        {
            StateRequest question = new() { Id = task.Id, ExecId = request.ExecId };
            StateResponse state = await calls.AskAsync(task, shim => shim.CallAsync(TaskServices.State, question, StateResponse.Parser, cancellation), cancellation);
            if (state.Status != Status.Running)
            {
                throw;
            }

            return state.Pid;
        }
    }

    private static async Task<uint> StartAsync(ShimConnection shim, StartRequest request, CancellationToken cancellation) =>
        (await shim.CallAsync(TaskServices.Start, request, StartResponse.Parser, cancellation)).Pid;
}
