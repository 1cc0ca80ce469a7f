using ShimStack.Supervisor.Parking;
using ShimStack.Supervisor.Shims;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tasks;

/// <summary>
/// Calls to the shim of a task while another process may take the shim's place: what begins then waits for it, as long as its caller does, and what
/// was under way is asked again. The shim in its place knows how far the dead one had come, and refuses what was done: a signal alone could be sent
/// twice.
/// </summary>
internal sealed class ShimCalls(ShimReplacement replacement)
{
    /// <summary>The shim, as soon as it is known and none that is known to be gone.</summary>
    /// <exception cref="RpcException">NotFound: it is gone for good, and the task with it.</exception>
    public async Task<ShimConnection> ShimOfAsync(SupervisedTask task, CancellationToken cancellation)
    {
        ShimConnection shim = await task.Shim.WaitAsync(cancellation);
        while (shim.IsClosed && await replacement.IsPossibleAsync(task))
        {
            shim = await task.After(shim).WaitAsync(cancellation);
        }

        return shim;
    }

    /// <summary>Makes a call, and makes it again if the shim dies meanwhile and another one takes its place.</summary>
    /// <exception cref="RpcException">What the shim said; NotFound: it is gone for good, and the task with it.</exception>
    public async Task<T> AskAsync<T>(SupervisedTask task, Func<ShimConnection, Task<T>> call, CancellationToken cancellation)
    {
        while (true)
        {
            ShimConnection shim = await ShimOfAsync(task, cancellation);
            try
            {
                return await call(shim);
            }
            catch (RpcException e) when (IsCut(e, shim))
            {
                if (!await replacement.IsPossibleAsync(task))
                {
                    throw;
                }

                _ = task.After(shim);
            }
        }
    }

    /// <summary>Waits for the next shim if a call failed because one has died; false if that was not why, or there is no next one.</summary>
    public async Task<bool> TryNextAsync(SupervisedTask task, ShimConnection shim, RpcException failure, CancellationToken cancellation)
    {
        if (!IsCut(failure, shim) || !await replacement.IsPossibleAsync(task))
        {
            return false;
        }

        Task<ShimConnection> next = task.After(shim);
        await ((Task)next).WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        return next.IsCompletedSuccessfully;
    }

    private static bool IsCut(RpcException failure, ShimConnection shim) => failure.Code == RpcCode.Unavailable && shim.IsClosed;
}
