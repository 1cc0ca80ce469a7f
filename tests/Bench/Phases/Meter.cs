using System.Diagnostics;
using System.Globalization;

namespace ShimStack.Bench.Phases;

/// <summary>The measuring program in C (tests/Probe/meter.c), beside the driver and in the containers.</summary>
internal static class Meter
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    internal static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "meter");

    /// <summary>Puts it into a root file system, where it is in PATH.</summary>
    internal static void Install(string rootfs) => File.Copy(Program, Path.Combine(rootfs, "bin/meter"));

    /// <summary>Starts it; the result is what it prints, as numbers, when it has ended.</summary>
    internal static Task<long[]> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        Process process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("the meter did not start");
        return FinishAsync(process, arguments, cancellation);
    }

    private static async Task<long[]> FinishAsync(Process process, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        using Process running = process;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Limit);
        try
        {
            string text = await running.StandardOutput.ReadToEndAsync(deadline.Token);
            await running.WaitForExitAsync(deadline.Token);
            return running.ExitCode == 0 ? Numbers(text) : throw new InvalidOperationException($"meter {arguments[0]} failed");
        }
        finally
        {
            if (!running.HasExited)
            {
                running.Kill();
            }
        }
    }

    private static long[] Numbers(string text) =>
        [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
}
