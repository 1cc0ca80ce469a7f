using System.Collections.Concurrent;
using System.Diagnostics;
using ShimStack.Bench.Daemons;
using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Host;

namespace ShimStack.Bench.Phases;

/// <summary>
/// A batch of containers started through containerd, eight at a time, as when a node comes up: how long, and how much CPU the shims used: their
/// start actions (children of containerd) and their servers, without the runtime.
/// </summary>
internal sealed class LoadPhase(DaemonStage stage, int containers, Metric wall, Metric cpu)
{
    private static readonly string[] Sleeper = ["sleep", "100000"];

    private readonly ParallelOptions _eight = new() { MaxDegreeOfParallelism = 8 };

    internal async Task RunAsync(Contender contender, CancellationToken cancellation)
    {
        _eight.CancellationToken = cancellation;
        ConcurrentBag<string> ids = [];
        TimeSpan actions = stage.Daemon.Running.ReapedCpuTime;
        long began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, containers, _eight, async (_, _) =>
        {
            string id = stage.NewId();
            ids.Add(id);
            await stage.RunContainerAsync(id, contender, Sleeper, cancellation);
        });
        TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
        actions = stage.Daemon.Running.ReapedCpuTime - actions;
        IReadOnlyList<RunningProcess> servers = stage.ShimProcesses();
        if (servers.Count != containers)
        {
            throw new InvalidOperationException($"{contender.Name}: {servers.Count} shims for {containers} containers");
        }

        TimeSpan used = servers.Aggregate(actions, (sum, server) => sum + server.CpuTime);
        contender.Samples.Add(wall, elapsed / containers);
        contender.Samples.Add(cpu, used / containers);
        await Parallel.ForEachAsync(ids, _eight, async (id, _) => await stage.RemoveContainerAsync(id, kill: true, cancellation));
    }
}
