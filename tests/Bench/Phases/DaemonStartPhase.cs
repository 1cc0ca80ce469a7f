using System.Diagnostics;
using ShimStack.Bench.Daemons;
using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Host;

namespace ShimStack.Bench.Phases;

/// <summary>From the start of a daemon's process to its answer to a Version call, with nothing below its root and once more; and what it holds at rest.</summary>
internal sealed class DaemonStartPhase(DaemonPair pair)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    internal async Task RunAsync(Contender contender, CancellationToken cancellation)
    {
        string directory = Path.Combine("/run", $"shimstack-bench-{Guid.NewGuid():N}"[..24]);
        Directory.CreateDirectory(directory);
        IDaemon daemon = pair.Create(contender, directory, "/nowhere");
        try
        {
            contender.Samples.Add(Metric.DaemonStartCold, await StartAsync(daemon, cancellation));
            await daemon.StopAsync();
            contender.Samples.Add(Metric.DaemonStartWarm, await StartAsync(daemon, cancellation));
            await Task.Delay(Settling, cancellation);
            ProcessMemory memory = daemon.Running.Memory;
            contender.Samples.Add(Metric.DaemonRss, memory.Rss / Bytes.Megabyte);
            contender.Samples.Add(Metric.DaemonRssAnon, memory.RssAnon / Bytes.Megabyte);
        }
        finally
        {
            await daemon.StopAsync();
            Mounts.DetachBelow(directory);
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<TimeSpan> StartAsync(IDaemon daemon, CancellationToken cancellation)
    {
        using SocketWatch watch = new(daemon.Address);
        long began = Stopwatch.GetTimestamp();
        daemon.Start();
        await watch.Made.WaitAsync(Limit, cancellation); // who asks meanwhile takes the processor that the daemon needs
        while (!VersionProbe.Answers(daemon.Address, Limit))
        {
            if (Stopwatch.GetElapsedTime(began) > Limit)
            {
                throw new TimeoutException($"nobody answers on {daemon.Address}");
            }

            await Task.Delay(LookAgain, cancellation);
        }

        return Stopwatch.GetElapsedTime(began);
    }
}
