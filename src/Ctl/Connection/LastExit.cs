using Grpc.Core;
using ShimStack.Api.Restart;
using ShimStack.Client;
using ShimStack.Ctl.Containers;

namespace ShimStack.Ctl.Connection;

/// <summary>Waits for the end of a container that no restart follows, also across deaths of the daemon.</summary>
internal static class LastExit
{
    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(1); // a stop meanwhile is to be noticed

    /// <exception cref="RpcException">The daemon refuses, as it does if there is no such container.</exception>
    public static async Task ForAsync(DaemonClient client, string id, CancellationToken cancellation)
    {
        while (await EndAsync(client, id, cancellation) is TimeSpan pause)
        {
            await Task.Delay(pause, cancellation);
        }
    }

    // The pause until it is worth while to look again; null when that was the last one.
    private static async Task<TimeSpan?> EndAsync(DaemonClient client, string id, CancellationToken cancellation)
    {
        RpcException? gone = null;
        try
        {
            await LongWait.ForExitAsync(client, id, "", () => { }, cancellation);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            gone = e; // between two runs there is no task
        }

        try
        {
            return await ContainerRestarts.FindAsync(client, id, cancellation) switch
            {
                { State: RestartInfo.Types.State.Waiting } next => Pause(next),
                { State: RestartInfo.Types.State.Running } => ShortPause,
                _ => gone is null ? null : throw gone,
            };
        }
        catch (RpcException e) when (ConnectionLoss.Is(e))
        {
            return LongPause;
        }
    }

    private static TimeSpan Pause(RestartInfo next)
    {
        TimeSpan left = (next.NextTryAt?.ToDateTimeOffset() ?? default) - TimeProvider.System.GetUtcNow();
        return left < ShortPause ? ShortPause : left < LongPause ? left : LongPause;
    }
}
