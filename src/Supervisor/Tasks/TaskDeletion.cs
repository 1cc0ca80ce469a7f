using Microsoft.Data.Sqlite;
using ShimStack.Api.Task;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Shims;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tasks;

/// <summary>Delete: the shim's, then the shim's own end, then the bundle's.</summary>
internal sealed class TaskDeletion(ShimCalls calls, TaskRemoval removal, ProcessRecords processes, ILogger<TaskDeletion> logger)
{
    /// <summary>Deletes a task. Goes on when the caller goes away.</summary>
    /// <returns>What the shim said of the exit.</returns>
    /// <exception cref="RpcException">The shim refuses, and the task stays as it is; or NotFound.</exception>
    public async Task<DeleteResponse> DeleteAsync(SupervisedTask task, CancellationToken cancellation)
    {
        ShimConnection shim = await calls.ShimOfAsync(task, cancellation);
        DeleteResponse? deleted = null;
        try
        {
            await task.TryEndAsync(async () => deleted = await EndAsync(task, shim), cancellation);
        }
        catch (RpcException e) when (shim.IsClosed)
        {
            if (!await calls.TryNextAsync(task, shim, e, cancellation))
            {
                throw;
            }

            return await DeleteAsync(task, cancellation); // the shim died meanwhile, and the one in its place has the task still
        }

        return deleted ?? throw RpcException.NotFound($"task {task.Id} not found: it has been deleted: not found");
    }

    private async Task<DeleteResponse?> EndAsync(SupervisedTask task, ShimConnection shim)
    {
        DeleteResponse? deleted = await DeleteInShimAsync(task, shim);
        await removal.CloseAsync(task, shim);
        await removal.CleanUpAsync(task);
        await ForgetProcessesAsync(task);
        removal.Forget(task);
        if (deleted is null)
        {
            task.Lost();
        }
        else
        {
            task.Lost(deleted);
        }

        return deleted;
    }

    // Null: the shim knows nothing of the task, so it was deleted before; what is left of it goes now. As containerd does.
    private static async Task<DeleteResponse?> DeleteInShimAsync(SupervisedTask task, ShimConnection shim)
    {
        try
        {
            return await shim.CallAsync(TaskServices.Delete, new DeleteRequest { Id = task.Id }, DeleteResponse.Parser, CancellationToken.None);
        }
        catch (RpcException e) when (e.Code == RpcCode.NotFound)
        {
            return null;
        }
    }

    // The shim has deleted it, so it ends here too, whatever the database says; the shim's own TaskDelete tells the database the same.
    private async Task ForgetProcessesAsync(SupervisedTask task)
    {
        try
        {
            await processes.ForgetContainerAsync(task.Namespace, task.Id);
        }
        catch (SqliteException e)
        {
            logger.ProcessesStay(task.Namespace, task.Id, e.Message);
        }
    }
}
