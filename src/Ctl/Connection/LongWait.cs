using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Client;

namespace ShimStack.Ctl.Connection;

/// <summary>Waits for the end of a process, also across deaths of the daemon, which knows the process again when it is back.</summary>
internal static class LongWait
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <param name="client">The daemon.</param>
    /// <param name="container">Whose process.</param>
    /// <param name="exec">Which one; empty for the first.</param>
    /// <param name="away">Called once each time that the daemon has gone.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task<WaitResponse> ForExitAsync(DaemonClient client, string container, string exec, Action away, CancellationToken cancellation)
    {
        TimeSpan pause = FirstPause;
        while (true)
        {
            try
            {
                return await client.Tasks.WaitAsync(new WaitRequest { ContainerId = container, ExecId = exec }, cancellationToken: cancellation);
            }
            catch (RpcException e) when (ConnectionLoss.Is(e))
            {
                if (pause == FirstPause)
                {
                    away();
                }

                await Task.Delay(pause, cancellation);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }
}
