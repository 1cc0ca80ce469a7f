using System.Runtime.InteropServices;
using ShimStack.Bench.Reporting;
using ShimStack.Bench.Scale;
using ShimStack.ShimDriver.Daemons;

namespace ShimStack.Bench;

/// <summary>Measures shims beside each other: parse, find the shims, measure, report.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        BenchOptions options;
        try
        {
            options = BenchOptions.Parse(arguments);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync($"{e.Message}\n{BenchOptions.Usage}");
            return 2;
        }

        // A signal ends the measuring, not the cleaning up.
        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            await MeasureAsync(options, stop.Token);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 130; // what a shell expects of an interrupted program
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync(e.ToString());
            return 1;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task MeasureAsync(BenchOptions options, CancellationToken cancellation)
    {
        MachineFacts machine = await MachineFacts.ReadAsync(cancellation);
        IReadOnlyList<Contender> contenders = await Contender.FindAsync(options, cancellation);
        if (options.Scale > 0)
        {
            await new ScaleTrial(options.Scale).RunAsync(contenders, machine, options, cancellation);
            return;
        }

        await using DaemonSide daemon = DaemonSide.Open();
        var benchmark = new Benchmark(options, contenders, daemon);
        await benchmark.RunAsync(cancellation);
        await Report.PublishAsync(options, machine, contenders, benchmark.Alone, cancellation);
    }
}
