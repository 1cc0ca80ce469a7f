using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Client;
using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Connection;
using ShimStack.Native.Processes;
using Status = ShimStack.Api.Types.Status;

namespace ShimStack.Ctl.Containers;

/// <summary>
/// Ends what runs in a container. It is carried through when the daemon is upgraded or killed meanwhile: a SIGTERM that no SIGKILL follows
/// would leave a container that is neither stopped nor cared for.
/// </summary>
internal static class ContainerEnd
{
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);

    /// <summary>SIGTERM, and SIGKILL to all of it if it has not ended after that time; returns when it has ended.</summary>
    public static async Task StopAsync(DaemonClient client, string id, TimeSpan patience, CancellationToken cancellation)
    {
        bool isThere = await TrySignalAsync(client, new KillRequest { ContainerId = id, Signal = (uint)Signal.SIGTERM }, cancellation);
        if (isThere && !await TryWaitAsync(client, id, patience, cancellation))
        {
            await KillAsync(client, id, Status.Running, cancellation);
        }
    }

    /// <summary>SIGKILL to all of it; returns when it has ended.</summary>
    /// <exception cref="CtlException">It has not, though it should have.</exception>
    public static async Task KillAsync(DaemonClient client, string id, Status status, CancellationToken cancellation)
    {
        KillRequest kill = new() { ContainerId = id, Signal = (uint)Signal.SIGKILL, All = true };
        if (!await TrySignalAsync(client, kill, cancellation))
        {
            return;
        }

        if (status == Status.Paused)
        {
            await ThawAsync(client, id, cancellation);
        }

        // Who was without a daemon all the time does not know how it is: then the look itself fails.
        if (!await TryWaitAsync(client, id, KillLimit, cancellation)
            && await ContainerRecords.TryGetTaskAsync(client, id, cancellation) is not (null or { Status: Status.Stopped }))
        {
            string since = $"{KillLimit.TotalSeconds} s after SIGKILL";
            throw new CtlException($"{id} has not ended {since}: look in /proc at what its processes wait for, and try again");
        }
    }

    // false: it has ended by itself, or its daemon has taken back a restart.
    private static async Task<bool> TrySignalAsync(DaemonClient client, KillRequest kill, CancellationToken cancellation)
    {
        try
        {
            await RepeatedCall.MakeAsync(() => client.Tasks.KillAsync(kill, cancellationToken: cancellation), cancellation);
            return true;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return false;
        }
    }

    // false: it has not ended within that time, or no daemon was there to tell.
    private static async Task<bool> TryWaitAsync(DaemonClient client, string id, TimeSpan patience, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            await LongWait.ForExitAsync(client, id, "", () => { }, limit.Token);
            return true;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return true; // and somebody has taken away what was left
        }
        catch (Exception e) when (IsCancelled(e) && limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private static bool IsCancelled(Exception e) => e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled };

    // What is frozen may not die before it is thawed (freezer in cgroups(7)); other kernels and shims have seen to that by now.
    private static async Task ThawAsync(DaemonClient client, string id, CancellationToken cancellation)
    {
        ResumeTaskRequest resume = new() { ContainerId = id };
        try
        {
            await RepeatedCall.MakeAsync(() => client.Tasks.ResumeAsync(resume, cancellationToken: cancellation), cancellation);
        }
        catch (RpcException e) when (!ConnectionLoss.Is(e))
        {
            // It has ended, or is about to: the wait for that tells.
        }
    }
}
