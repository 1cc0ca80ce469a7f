using System.Diagnostics;
using Grpc.Core;
using ShimStack.Bench.Daemons;
using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Host;
using ShimStack.Wire.Tasks;
using Metric = ShimStack.Bench.Measuring.Metric;

namespace ShimStack.Bench.Phases;

/// <summary>
/// Many containers below a daemon: what it holds for them, and how long from its SIGKILL until a new one, started at once, lists all as running
/// and has a Wait of each. A Wait has no answer while its container runs, so a Get of the same container is sent behind it, on the same
/// connection, and answered by the shim.
/// </summary>
internal sealed class DaemonRecoveryPhase(DaemonPair pair, int containers, int kills)
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    internal async Task RunAsync(Contender contender, CancellationToken cancellation)
    {
        await using DaemonStage stage = await pair.StartAsync(contender, cancellation);
        var eight = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellation };
        string[] ids = [.. Enumerable.Range(0, containers).Select(_ => stage.NewId())];
        long began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(ids, eight, async (id, _) => await stage.RunContainerAsync(id, contender, ["sleep", "100000"], cancellation));
        contender.Samples.Add(Metric.DaemonFill, Stopwatch.GetElapsedTime(began) / containers);
        await Task.Delay(Settling, cancellation);
        ProcessMemory memory = stage.Daemon.Running.Memory;
        contender.Samples.Add(Metric.DaemonFullRss, memory.Rss / Bytes.Megabyte);
        contender.Samples.Add(Metric.DaemonFullRssAnon, memory.RssAnon / Bytes.Megabyte);
        for (int i = 0; i < kills; i++)
        {
            contender.Samples.Add(Metric.DaemonRecovery, await RecoverAsync(stage, ids, cancellation));
            await Task.Delay(Settling, cancellation);
        }

        await Parallel.ForEachAsync(ids, eight, async (id, _) => await stage.RemoveContainerAsync(id, kill: true, cancellation));
    }

    private static async Task<TimeSpan> RecoverAsync(DaemonStage stage, string[] ids, CancellationToken cancellation)
    {
        long killed = Stopwatch.GetTimestamp();
        await stage.RestartDaemonAsync();
        await stage.Api.WaitForTasksAsync(ids.Length, Limit, cancellation);
        List<AsyncUnaryCall<WaitResponse>> waits = [];
        try
        {
            List<Task> armed = [];
            foreach (string id in ids)
            {
                waits.Add(stage.Api.Tasks.WaitAsync(new WaitRequest { ContainerId = id }, cancellationToken: cancellation));
                armed.Add(stage.Api.Tasks.GetAsync(new GetRequest { ContainerId = id }, cancellationToken: cancellation).ResponseAsync);
            }

            await Task.WhenAll(armed);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(killed);
            AsyncUnaryCall<WaitResponse>? ended = waits.Find(wait => wait.ResponseAsync.IsCompleted);
            return ended is null ? elapsed : throw new InvalidOperationException("a Wait has ended, though its container runs", ended.ResponseAsync.Exception);
        }
        finally
        {
            waits.ForEach(wait => wait.Dispose());
        }
    }
}
