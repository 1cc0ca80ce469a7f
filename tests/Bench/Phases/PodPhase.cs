using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench.Phases;

/// <summary>What each further container adds to the memory of a shim that has a whole pod.</summary>
internal sealed class PodPhase(DaemonSide daemon)
{
    private const int Containers = 10;

    internal async Task RunAsync(Contender contender, CancellationToken cancellation)
    {
        string pod = daemon.NewId("pod");
        List<ShimSession> sessions = [];
        try
        {
            RunningProcess shim = await AddAsync(contender, pod, sessions, cancellation);
            await Task.Delay(FootprintPhase.IdleTime, cancellation);
            long one = shim.Memory.RssAnon;
            while (sessions.Count < Containers)
            {
                EnsureSame(shim, await AddAsync(contender, pod, sessions, cancellation));
            }

            await Task.Delay(FootprintPhase.IdleTime, cancellation);
            contender.Samples.Add(Metric.FurtherContainer, (shim.Memory.RssAnon - one) / Bytes.Kilobyte / (Containers - 1));
        }
        finally
        {
            var cleanup = new Cleanup();
            foreach (ShimSession session in sessions)
            {
                await cleanup.TryAsync($"remove {session.Id}", async () => await session.DisposeAsync());
            }

            cleanup.ThrowIfAnythingFailed();
        }
    }

    private async Task<RunningProcess> AddAsync(Contender contender, string pod, List<ShimSession> sessions, CancellationToken cancellation)
    {
        var session = new ShimSession(daemon, contender.Shim, BenchContainer.InPod(pod), MeasuredSession.Options);
        sessions.Add(session);
        await session.RunContainerAsync(cancellation);
        return session.Process!;
    }

    private static void EnsureSame(RunningProcess shim, RunningProcess other)
    {
        if (other != shim)
        {
            throw new InvalidOperationException($"a container of the pod is with shim {other.Pid}, the first is with {shim.Pid}");
        }
    }
}
