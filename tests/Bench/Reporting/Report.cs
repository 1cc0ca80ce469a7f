using ShimStack.Bench.Measuring;

namespace ShimStack.Bench.Reporting;

/// <summary>All forms of a run's result.</summary>
internal static class Report
{
    /// <summary>The table to standard output; JSON and chart to the output folder; with --record the page and its chart to docs.</summary>
    internal static async Task PublishAsync(
        BenchOptions options, MachineFacts machine, IReadOnlyList<Contender> contenders, Samples alone, CancellationToken cancellation)
    {
        Samples[] samples = [.. contenders.Select(contender => contender.Samples)];
        Console.WriteLine(options.Quick ? $"{machine.Line}\n--quick: fewer rounds, containers and execs than the lines say" : machine.Line);
        Console.Write(ReportTable.Write(samples, alone));
        string chart = RatioChart.Write(samples);
        string values = await ReportFile.WriteAsync(machine, contenders, alone, cancellation);
        await WriteAsync(Path.Combine(options.Output, "bench.json"), values, cancellation);
        await WriteAsync(Path.Combine(options.Output, "bench.svg"), chart, cancellation);
        if (options.Record)
        {
            await WriteAsync("docs/performance.svg", chart, cancellation);
            await WriteAsync("docs/performance.md", PerformancePage.Write(machine, samples, alone, "performance.svg"), cancellation);
        }
    }

    /// <summary>Writes a file, and says so.</summary>
    internal static async Task WriteAsync(string path, string text, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        await File.WriteAllTextAsync(path, text, cancellation);
        await Progress.TellAsync($"written: {path}");
    }
}
