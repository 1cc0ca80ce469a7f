using System.Diagnostics;
using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Shims;
using ShimStack.ShimDriver.Stdio;

namespace ShimStack.Bench.Phases;

/// <summary>How fast a container's output reaches a reader that does nothing but read, and what the shim uses for it.</summary>
internal sealed class ThroughputPhase(DaemonSide daemon, int mebibytes)
{
    internal Task RunAsync(ShimUnderTest shim, Samples samples, CancellationToken cancellation) =>
        MeasuredSession.RunAsync(daemon, shim, BenchContainer.Writer(mebibytes), session => LiveAsync(session, samples, cancellation));

    private async Task LiveAsync(ShimSession session, Samples samples, CancellationToken cancellation)
    {
        await session.LaunchAsync(cancellation);
        await session.CreateAsync(cancellation);
        TimeSpan before = session.Process!.CpuTime;
        await session.StartAsync(cancellation);
        await session.WaitForExitEventAsync(cancellation);
        FifoReader output = session.Stdio.Output!;
        await output.End.WaitAsync(TimeSpan.FromSeconds(60), cancellation);
        TimeSpan used = session.Process.CpuTime - before;
        Record(output, used, samples);
        await session.DeleteAsync(cancellation);
        await session.ShutdownAsync(cancellation);
    }

    // From the first byte that arrives to the last: the start of the container is not counted.
    private void Record(FifoReader output, TimeSpan used, Samples samples)
    {
        if (output.BytesRead != mebibytes * 1024L * 1024)
        {
            throw new InvalidOperationException($"{output.BytesRead} bytes came out of a container that wrote {mebibytes} MiB");
        }

        TimeSpan time = Stopwatch.GetElapsedTime(output.FirstByteAt, output.LastByteAt);
        samples.Add(Metric.Throughput, mebibytes / time.TotalSeconds);
        samples.Add(Metric.ThroughputCpu, used.TotalSeconds / mebibytes * 1024);
    }
}
