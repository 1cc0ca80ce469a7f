using System.Globalization;
using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench.Phases;

/// <summary>Memory of a shim whose container has had very many execs, as one with a health check every few seconds has.</summary>
internal sealed class ExecsPhase(DaemonSide daemon, int execs)
{
    private const int AtOnce = 4;

    internal Task RunAsync(Contender contender, CancellationToken cancellation) =>
        MeasuredSession.RunAsync(daemon, contender, BenchContainer.Idle, session => LiveAsync(session, contender.Samples, cancellation));

    private async Task LiveAsync(ShimSession session, Samples samples, CancellationToken cancellation)
    {
        await session.RunContainerAsync(cancellation);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForAsync(0, execs, parallel, async (i, _) =>
            await session.RunExecAsync(string.Create(CultureInfo.InvariantCulture, $"exec{i}"), cancellation));
        await Task.Delay(FootprintPhase.IdleTime, cancellation);
        samples.Add(Metric.RssAnonAfterExecs, session.Process!.Memory.RssAnon / Bytes.Megabyte);
        await session.EndAsync(cancellation);
    }
}
