using System.Collections.Concurrent;
using System.Diagnostics;
using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench.Phases;

/// <summary>Many shims at once, each with an idle container: memory where pages are shared, and who wakes up for nothing.</summary>
internal sealed class FleetPhase(DaemonSide daemon, int shims)
{
    private const int AtOnce = 4;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    internal async Task RunAsync(Contender contender, CancellationToken cancellation)
    {
        ConcurrentBag<ShimSession> sessions = [];
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
            await Parallel.ForAsync(0, shims, parallel, async (_, _) =>
            {
                var session = new ShimSession(daemon, contender.Shim, BenchContainer.Idle, MeasuredSession.Options);
                sessions.Add(session);
                await session.RunContainerAsync(cancellation);
            });
            await Task.Delay(Settling, cancellation);
            RunningProcess[] processes = [.. sessions.Select(session => session.Process!)];
            RecordMemory(processes, contender.Samples);
            await RecordWakeUpsAsync(processes, contender.Samples, cancellation);
        }
        finally
        {
            await RemoveAsync(sessions);
        }
    }

    private static void RecordMemory(RunningProcess[] processes, Samples samples)
    {
        foreach (ProcessMemory memory in processes.Select(process => process.Memory))
        {
            samples.Add(Metric.FleetPss, memory.Pss / Bytes.Megabyte);
            samples.Add(Metric.FleetPrivateDirty, memory.PrivateDirty / Bytes.Megabyte);
        }
    }

    // One value, the mean of all: most shims sleep in any window, and a median would hide the others.
    private static async Task RecordWakeUpsAsync(RunningProcess[] processes, Samples samples, CancellationToken cancellation)
    {
        long began = Stopwatch.GetTimestamp();
        long before = processes.Sum(process => process.WakeUps);
        await Task.Delay(Window, cancellation);
        long wakeUps = processes.Sum(process => process.WakeUps) - before;
        samples.Add(Metric.WakeUps, wakeUps / Stopwatch.GetElapsedTime(began).TotalMinutes / processes.Length);
    }

    private static async Task RemoveAsync(IEnumerable<ShimSession> sessions)
    {
        var cleanup = new Cleanup();
        await Parallel.ForEachAsync(sessions, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (session, _) =>
            await cleanup.TryAsync($"remove {session.Id}", async () => await session.DisposeAsync()));
        cleanup.ThrowIfAnythingFailed();
    }
}
