using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using ShimStack.ShimDriver.Host;

namespace ShimStack.Bench.Reporting;

/// <summary>Where the numbers were taken.</summary>
/// <param name="Processor">Model.</param>
/// <param name="Processors">How many.</param>
/// <param name="Kernel">Release.</param>
/// <param name="OperatingSystem">Distribution.</param>
/// <param name="Runtime">First line of its version.</param>
/// <param name="Load">Of 1, 5 and 15 minutes before the first measurement: above the number of processors the times are worth little.</param>
/// <param name="TakenAt">Coordinated universal time.</param>
internal sealed record MachineFacts(string Processor, int Processors, string Kernel, string OperatingSystem, string Runtime, string Load, string TakenAt)
{
    /// <summary>One line for the head of the table.</summary>
    internal string Line => $"{Processors} x {Processor}, {OperatingSystem}, kernel {Kernel}, {Runtime}, load before {Load}";

    internal static async Task<MachineFacts> ReadAsync(CancellationToken cancellation)
    {
        CommandResult runtime = await new Command("runc", ["--version"]).RunAsync(cancellation);
        string model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) ?? ": unknown";
        return new MachineFacts(
            model[(model.IndexOf(':') + 1)..].Trim(),
            Environment.ProcessorCount,
            (await File.ReadAllTextAsync("/proc/sys/kernel/osrelease", cancellation)).Trim(),
            RuntimeInformation.OSDescription,
            Encoding.UTF8.GetString(runtime.Output).Split('\n')[0],
            string.Join(' ', (await File.ReadAllTextAsync("/proc/loadavg", cancellation)).Split(' ')[..3]),
            TimeProvider.System.GetUtcNow().ToString("u", CultureInfo.InvariantCulture));
    }
}
