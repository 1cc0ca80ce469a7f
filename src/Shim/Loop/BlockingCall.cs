namespace ShimStack.Shim.Loop;

/// <summary>
/// Runs a system call that may block for long (mount, umount, fsync) beside the loop. Each call has a thread of its own that
/// ends with it: such calls are rare, and an idle shim keeps no second thread for them.
/// </summary>
internal static class BlockingCall
{
    private const int StackBytes = 256 * 1024;

    /// <summary>Runs <paramref name="call"/>; its result or exception comes back on the loop.</summary>
    public static Task<T> RunAsync<T>(Func<T> call)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(Body, StackBytes) { IsBackground = true, Name = "blocking" };
        thread.UnsafeStart();
        return done.Task;

        void Body()
        {
            try
            {
                done.SetResult(call());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }
    }

    /// <inheritdoc cref="RunAsync{T}(Func{T})"/>
    public static Task RunAsync(Action call) => RunAsync(() =>
    {
        call();
        return true;
    });
}
