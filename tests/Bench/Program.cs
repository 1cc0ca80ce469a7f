using System.Runtime.InteropServices;
using ShimStack.Bench.Reporting;
using ShimStack.ShimDriver.Daemons;

namespace ShimStack.Bench;

/// <summary>Measures shims beside each other, without a daemon: parse, measure, print the table, write the file.</summary>
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
        await using DaemonSide daemon = DaemonSide.Open();
        var benchmark = new Benchmark(options, daemon);
        await benchmark.RunAsync(cancellation);
        Console.WriteLine(machine.Line);
        Console.Write(ReportTable.Write(benchmark.Contenders, benchmark.Runtime));
        await ReportFile.WriteAsync(options, machine, benchmark.Contenders, benchmark.Runtime, cancellation);
        await Console.Error.WriteLineAsync($"written: {options.Output}");
    }
}
