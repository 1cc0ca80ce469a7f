using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench.Phases;

/// <summary>Memory and threads of a shim with one running container, after it has worked a little and then had nothing to do.</summary>
internal sealed class FootprintPhase(DaemonSide daemon)
{
    private const int Execs = 10;

    /// <summary>Long enough for a runtime to let go of what it used for the last call.</summary>
    internal static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(3);

    internal Task RunAsync(Contender contender, CancellationToken cancellation) =>
        MeasuredSession.RunAsync(daemon, contender, BenchContainer.Idle, session => LiveAsync(session, contender.Samples, cancellation));

    private static async Task LiveAsync(ShimSession session, Samples samples, CancellationToken cancellation)
    {
        await session.RunContainerAsync(cancellation);
        for (int i = 0; i < Execs; i++)
        {
            await session.RunExecAsync($"exec{i}", cancellation);
        }

        await Task.Delay(IdleTime, cancellation);
        Record(session.Process!.Memory, samples);
        await session.EndAsync(cancellation);
    }

    private static void Record(ProcessMemory memory, Samples samples)
    {
        samples.Add(Metric.Rss, memory.Rss / Bytes.Megabyte);
        samples.Add(Metric.RssAnon, memory.RssAnon / Bytes.Megabyte);
        samples.Add(Metric.Pss, memory.Pss / Bytes.Megabyte);
        samples.Add(Metric.PrivateDirty, memory.PrivateDirty / Bytes.Megabyte);
        samples.Add(Metric.Threads, memory.Threads);
    }
}
