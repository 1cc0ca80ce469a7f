using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tasks;

/// <summary>Calls of the runtime about a container that runs, and may end meanwhile by itself.</summary>
internal static class CallAboutRunning
{
    /// <summary>How long a call may go on after the container's end: as a rule it notices it by itself, and says so.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    extension(TaskProcess init)
    {
        /// <summary>Makes the call. If the init ends while it hangs it is cut: it has nothing more to do, and would keep Delete waiting.</summary>
        /// <exception cref="RpcException">What the call throws; NotFound if it was cut.</exception>
        public async Task WhileItRunsAsync(TimeProvider time, CancellationToken caller, Func<CancellationToken, Task> call)
        {
            if (init.Exit is not null)
            {
                await call(caller); // about what is left of it
                return;
            }

            using CancellationTokenSource cut = CancellationTokenSource.CreateLinkedTokenSource(caller);
            Task running = call(cut.Token);
            if (await Task.WhenAny(running, init.Exited) != running)
            {
                await Task.WhenAny(running, Task.Delay(Grace, time, CancellationToken.None));
                cut.Cancel();
            }

            try
            {
                await running;
            }
            catch (OperationCanceledException e) when (!caller.IsCancellationRequested)
            {
                throw new RpcException(RpcCode.NotFound, "process already finished", e);
            }
        }
    }
}
