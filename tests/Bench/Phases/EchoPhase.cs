using System.Globalization;
using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench.Phases;

/// <summary>How long a person waits for a key to appear: stdin's FIFO, shim, terminal, and back by shim and stdout's FIFO.</summary>
internal sealed class EchoPhase(DaemonSide daemon, int keys)
{
    private const double Tail = 0.99;

    private static readonly SessionOptions Options = MeasuredSession.Options with { ReadsOutput = false, WithInput = true };

    internal Task RunAsync(Contender contender, CancellationToken cancellation) => MeasuredSession.RunAsync(
        daemon, contender, BenchContainer.Terminal, session => LiveAsync(session, contender.Samples, cancellation), Options);

    private async Task LiveAsync(ShimSession session, Samples samples, CancellationToken cancellation)
    {
        string[] arguments = ["echo", session.PrepareStdio().Stdin, session.Stdio.Stdout, keys.ToString(CultureInfo.InvariantCulture)];
        Task<long[]> client = Meter.RunAsync(arguments, cancellation);
        await session.RunContainerAsync(cancellation);
        double[] microseconds = [.. (await client).Select(nanoseconds => nanoseconds / 1000.0)];
        samples.Add(Metric.EchoMedian, Statistics.Median(microseconds));
        samples.Add(Metric.EchoTail, Statistics.Percentile(microseconds, Tail));
        await session.EndAsync(cancellation);
    }
}
