using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench.Phases;

/// <summary>Memory and threads of a shim with one running container, after it has worked a little and then had nothing to do.</summary>
internal sealed class FootprintPhase(DaemonSide daemon)
{
    private const int Execs = 10;
    private const double Megabyte = 1_000_000;

    // Long enough for a runtime to let go of what it used for the last call, short enough that no housekeeping timer has run.
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(1);

    internal Task RunAsync(ShimUnderTest shim, Samples samples, CancellationToken cancellation) =>
        MeasuredSession.RunAsync(daemon, shim, BenchContainer.Idle, session => LiveAsync(session, samples, cancellation));

    private static async Task LiveAsync(ShimSession session, Samples samples, CancellationToken cancellation)
    {
        await session.LaunchAsync(cancellation);
        await session.CreateAsync(cancellation);
        await session.StartAsync(cancellation);
        for (int i = 0; i < Execs; i++)
        {
            ShimExec exec = await session.ExecAsync($"exec{i}", ["true"], cancellation);
            await exec.StartAsync(cancellation);
            await exec.WaitForExitEventAsync(TimeSpan.FromSeconds(10), cancellation);
            await exec.DeleteAsync(cancellation);
        }

        await Task.Delay(IdleTime, cancellation);
        Record(session.Process!.Memory, samples);
        await session.KillAsync(cancellation: cancellation);
        await session.WaitForExitEventAsync(cancellation);
        await session.DeleteAsync(cancellation);
        await session.ShutdownAsync(cancellation);
    }

    private static void Record(ProcessMemory memory, Samples samples)
    {
        samples.Add(Metric.Rss, memory.Rss / Megabyte);
        samples.Add(Metric.RssAnon, memory.RssAnon / Megabyte);
        samples.Add(Metric.Pss, memory.Pss / Megabyte);
        samples.Add(Metric.PrivateDirty, memory.PrivateDirty / Megabyte);
        samples.Add(Metric.Threads, memory.Threads);
    }
}
