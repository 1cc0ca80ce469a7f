using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using ShimStack.ShimDriver.Host;

namespace ShimStack.Bench.Reporting;

/// <summary>Where the numbers were taken.</summary>
internal sealed record MachineFacts(string Processor, int Processors, string Kernel, string OperatingSystem, string Runtime, string TakenAt)
{
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
            TimeProvider.System.GetUtcNow().ToString("u", CultureInfo.InvariantCulture));
    }
}
