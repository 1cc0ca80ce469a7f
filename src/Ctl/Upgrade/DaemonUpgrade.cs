using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.Api.Upgrades;
using ShimStack.Client;
using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Output;

namespace ShimStack.Ctl.Upgrade;

/// <summary>Has the daemon replaced by another build of it, and learns from whichever serves afterwards what came of it.</summary>
internal sealed class DaemonUpgrade(DaemonClient client, TimeProvider time, ProgressLine progress)
{
    /// <summary>A build that does not serve in time is gone back from, and that takes some time, too.</summary>
    private static readonly TimeSpan WayBack = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <param name="path">The build; empty for the one that is installed.</param>
    /// <param name="limit">Until it must serve.</param>
    /// <param name="cancellation">Ends the waiting, not the upgrade.</param>
    /// <exception cref="CtlException">The daemon is no shimstackd, or nobody serves any more.</exception>
    /// <exception cref="RpcException">It has refused the build.</exception>
    public async Task<(uint Pid, Outcome Outcome)> RunAsync(string path, TimeSpan limit, CancellationToken cancellation)
    {
        progress.Say("the daemon checks the build");
        BeginResponse begun = await BeginAsync(new BeginRequest { Path = path, Limit = Duration.FromTimeSpan(limit) }, cancellation);
        progress.Say($"{begun.To.Version} takes over from {begun.From.Version}");
        return await OutcomeAsync(begun, limit + WayBack, cancellation);
    }

    private async Task<BeginResponse> BeginAsync(BeginRequest request, CancellationToken cancellation)
    {
        try
        {
            return await client.Upgrades.BeginAsync(request, cancellationToken: cancellation);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented)
        {
            throw new CtlException(
                $"the daemon at {client.Address} cannot be upgraded in place: it is a containerd, or a shimstackd that is too old; "
                + "install the new version and restart it",
                inner: e);
        }
    }

    // Between two builds calls wait in the socket; one that was on its way to the first is cut, and made again.
    private async Task<(uint Pid, Outcome Outcome)> OutcomeAsync(BeginResponse begun, TimeSpan patience, CancellationToken cancellation)
    {
        using CancellationTokenSource end = new(patience, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, end.Token);
        try
        {
            while (true)
            {
                if (await TryAskAsync(both.Token) is { Outcome: Outcome outcome } last && outcome.Id == begun.Id)
                {
                    return (last.Pid, outcome);
                }

                await Task.Delay(Pause, time, both.Token);
            }
        }
        catch (Exception e) when (end.IsCancellationRequested && e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            throw new CtlException(
                $"nobody at {client.Address} has answered for {patience.TotalSeconds} s after {begun.To.Path} was accepted: "
                + $"look into the log of shimstackd, pid {begun.Pid}",
                ExitCode.Unavailable,
                e);
        }
    }

    private async Task<LastResponse?> TryAskAsync(CancellationToken cancellation)
    {
        try
        {
            return await client.Upgrades.LastAsync(new LastRequest(), cancellationToken: cancellation);
        }
        catch (RpcException e) when (ConnectionLoss.Is(e))
        {
            return null;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented)
        {
            throw new CtlException("the daemon was taken to a build that cannot be upgraded in place: restart it for the next one", inner: e);
        }
    }
}
