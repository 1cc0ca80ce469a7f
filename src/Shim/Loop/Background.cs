using Microsoft.Extensions.Logging;

namespace ShimStack.Shim.Loop;

/// <summary>
/// Work that nobody awaits. Its failure ends the process: a shim that goes on without one of its loops would lie about its
/// containers, while one that died is noticed and cleaned up.
/// </summary>
internal sealed class Background(ILogger logger)
{
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the first failure of any background work.</summary>
    public Task<Exception> Failed => _failed.Task;

    public void Run(string name, Func<Task> work) => _ = WatchAsync(name, work);

    private async Task WatchAsync(string name, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e)
        {
            logger.BackgroundFailed(name, e);
            _failed.TrySetResult(e);
        }
    }
}
