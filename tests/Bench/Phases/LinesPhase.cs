using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench.Phases;

/// <summary>What a line of a log costs the shim: 80 bytes, each line written by itself, at full speed and at the pace of a log.</summary>
internal sealed class LinesPhase(DaemonSide daemon, bool quick)
{
    private const int LineLength = 80;
    private const int SlowMicroseconds = 500;

    private static readonly SessionOptions Options = MeasuredSession.Options with { ReadsOutput = false };

    private readonly int _fast = quick ? 100_000 : 500_000;
    private readonly int _slow = quick ? 2_000 : 6_000;

    internal async Task RunAsync(Contender contender, CancellationToken cancellation)
    {
        await OneAsync(contender, Metric.FastLineCpu, _fast, 0, cancellation);
        await OneAsync(contender, Metric.SlowLineCpu, _slow, SlowMicroseconds, cancellation);
    }

    private Task OneAsync(Contender contender, Metric metric, int count, int microseconds, CancellationToken cancellation) =>
        MeasuredSession.RunAsync(daemon, contender, BenchContainer.Lines(count, microseconds), async session =>
        {
            Task<long[]> reader = Meter.RunAsync(["drain", session.PrepareStdio().Stdout], cancellation);
            await session.LaunchAsync(cancellation);
            await session.CreateAsync(cancellation);
            await session.StartAsync(cancellation);
            TimeSpan before = session.Process!.CpuTime;
            await session.WaitForExitEventAsync(cancellation);
            long bytes = (await reader)[0];
            TimeSpan used = session.Process.CpuTime - before;
            if (bytes != (long)count * LineLength)
            {
                throw new InvalidOperationException($"{bytes} bytes came out of a container that wrote {count} lines");
            }

            contender.Samples.Add(metric, used.TotalMicroseconds / count);
            await session.DeleteAsync(cancellation);
            await session.ShutdownAsync(cancellation);
        }, Options);
}
