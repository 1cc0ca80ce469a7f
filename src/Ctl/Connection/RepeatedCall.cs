using Grpc.Core;
using ShimStack.Client;

namespace ShimStack.Ctl.Connection;

/// <summary>
/// A call that does no harm if it is made twice: made again when the daemon goes away under it, as it does for an upgrade or
/// a crash. Not for the first call of a command: whoever has no daemon is to learn that at once.
/// </summary>
internal static class RepeatedCall
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10); // a service manager has started another one by then
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <exception cref="RpcException">The daemon refuses, or stays away.</exception>
    public static async Task<T> MakeAsync<T>(Func<AsyncUnaryCall<T>> call, CancellationToken cancellation)
    {
        long? cut = null;
        while (true)
        {
            try
            {
                return await call();
            }
            catch (RpcException e) when (ConnectionLoss.Is(e) && !IsOver(cut))
            {
                cut ??= TimeProvider.System.GetTimestamp();
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    private static bool IsOver(long? cut) => cut is long since && TimeProvider.System.GetElapsedTime(since) >= Limit;
}
