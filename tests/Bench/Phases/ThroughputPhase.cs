using System.Globalization;
using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;
using ShimStack.ShimDriver.Stdio;

namespace ShimStack.Bench.Phases;

/// <summary>How fast a container's output reaches a reader that only reads, what the shim uses for it, and the same without a shim.</summary>
internal sealed class ThroughputPhase(DaemonSide daemon, int mebibytes)
{
    private static readonly SessionOptions Options = MeasuredSession.Options with { ReadsOutput = false };

    internal Task RunAsync(Contender contender, CancellationToken cancellation) => MeasuredSession.RunAsync(
        daemon, contender, BenchContainer.Writer(mebibytes), session => LiveAsync(session, contender.Samples, cancellation), Options);

    /// <summary>The same writer, from the same root file system, and the same reader, on one FIFO.</summary>
    internal async Task RunBareAsync(Samples samples, CancellationToken cancellation)
    {
        string path = Fifo.Make(Path.Combine(daemon.Root, daemon.NewId("bare")));
        Task<long[]> reader = Meter.RunAsync(["drain", path], cancellation);
        string busybox = Path.Combine(daemon.SharedRootfs, "bin/busybox");
        await using (FileStream writer = new(path, FileMode.Open, FileAccess.Write))
        {
            int descriptor = (int)writer.SafeFileHandle.DangerousGetHandle();
            int dd = QuietProcess.Spawn(new QuietStart(busybox, BenchContainer.WriterArguments(mebibytes)) { Output = descriptor });
            await Task.Run(() => Subreaper.Reap(dd), CancellationToken.None);
        }

        samples.Add(Metric.BareFifo, Speed(await reader));
        File.Delete(path);
    }

    private async Task LiveAsync(ShimSession session, Samples samples, CancellationToken cancellation)
    {
        Task<long[]> reader = Meter.RunAsync(["drain", session.PrepareStdio().Stdout], cancellation);
        await session.LaunchAsync(cancellation);
        await session.CreateAsync(cancellation);
        TimeSpan before = session.Process!.CpuTime;
        await session.StartAsync(cancellation);
        await session.WaitForExitEventAsync(cancellation);
        samples.Add(Metric.Throughput, Speed(await reader));
        TimeSpan used = session.Process.CpuTime - before;
        samples.Add(Metric.ThroughputCpu, used.TotalSeconds / mebibytes * 1024);
        await session.DeleteAsync(cancellation);
        await session.ShutdownAsync(cancellation);
    }

    // From the first byte that arrives to the last: the start of the container is not counted.
    private double Speed(long[] printed)
    {
        (long bytes, long nanoseconds) = (printed[0], printed[1]);
        return bytes == mebibytes * 1024L * 1024
            ? mebibytes / TimeSpan.FromMicroseconds(nanoseconds / 1000.0).TotalSeconds
            : throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes came out of a container that wrote {mebibytes} MiB"));
    }
}
