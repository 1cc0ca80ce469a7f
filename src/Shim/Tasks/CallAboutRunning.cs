using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tasks;

/// <summary>Calls of the runtime about a container that runs, and may end meanwhile by itself.</summary>
internal static class CallAboutRunning
{
    /// <summary>How long a call may go on after the container's end: as a rule it notices it by itself, and says so.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    extension(ContainerTask task)
    {
        /// <summary>Makes the call. It is cut if the init ends while it hangs: there is nothing more to do, and Delete would wait.</summary>
        /// <exception cref="RpcException">What the call throws; NotFound if it was cut.</exception>
        public async Task<T> WhileItRunsAsync<T>(Func<CancellationToken, Task<T>> call, TimeProvider time, CancellationToken caller)
        {
            if (task.InitReaped)
            {
                return await call(caller); // about what is left of it
            }

            using CancellationTokenSource cut = CancellationTokenSource.CreateLinkedTokenSource(caller);
            Task<T> running = call(cut.Token);
            if (await Task.WhenAny(running, task.InitEnds) != running)
            {
                await Task.WhenAny(running, Task.Delay(Grace, time, CancellationToken.None));
                cut.Cancel();
            }

            try
            {
                return await running;
            }
            catch (OperationCanceledException e) when (!caller.IsCancellationRequested)
            {
                throw new RpcException(RpcCode.NotFound, "process already finished", e);
            }
        }

        /// <inheritdoc cref="WhileItRunsAsync{T}"/>
        public Task WhileItRunsAsync(Func<CancellationToken, Task> call, TimeProvider time, CancellationToken caller) =>
            task.WhileItRunsAsync(
                async cut =>
                {
                    await call(cut);
                    return true;
                },
                time,
                caller);
    }
}
