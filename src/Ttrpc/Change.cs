namespace ShimStack.Ttrpc;

/// <summary>
/// Waits for a change that is told by a source of which several may wait: a wait that is cancelled wakes all, and each looks again.
/// Unlike Task.WaitAsync with a token, it never takes a way around the thread pool when there is a synchronization context.
/// </summary>
internal static class Change
{
    /// <summary>The source to wait on now: a new one if there is none or it has been used up.</summary>
    public static TaskCompletionSource Next(ref TaskCompletionSource? source)
    {
        if (source is null || source.Task.IsCompleted)
        {
            source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        return source;
    }

    /// <summary>Waits until the source is set, which may happen without a change.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async ValueTask WaitAsync(TaskCompletionSource source, CancellationToken cancellation)
    {
        using (cancellation.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), source))
        {
            await source.Task;
        }
        cancellation.ThrowIfCancellationRequested();
    }
}
