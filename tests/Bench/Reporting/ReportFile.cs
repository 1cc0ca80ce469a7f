using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench.Reporting;

/// <summary>The same for programs: every single value, so that others can compute what they like.</summary>
internal static class ReportFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static async Task WriteAsync(
        BenchOptions options, MachineFacts machine, IReadOnlyList<Samples> contenders, Samples runtime, CancellationToken cancellation)
    {
        var shims = new JsonArray();
        foreach (ShimUnderTest shim in options.Shims)
        {
            shims.Add(new JsonObject { ["name"] = shim.Name, ["version"] = await shim.VersionAsync(cancellation) });
        }

        var document = new JsonObject
        {
            ["machine"] = JsonSerializer.SerializeToNode(machine, Indented),
            ["rounds"] = options.Rounds,
            ["shims"] = shims,
            ["samples"] = new JsonObject(contenders.Append(runtime).Select(c => KeyValuePair.Create(c.Contender, (JsonNode?)Metrics(c)))),
        };
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(options.Output))!);
        await File.WriteAllTextAsync(options.Output, document.ToJsonString(Indented), cancellation);
    }

    private static JsonObject Metrics(Samples samples) =>
        new(samples.Metrics.Select(metric => KeyValuePair.Create(metric.Name, (JsonNode?)Values(metric, samples.Of(metric)))));

    private static JsonObject Values(Metric metric, IReadOnlyList<double> values) => new()
    {
        ["unit"] = metric.Unit,
        ["median"] = Statistics.Median(values),
        ["p95"] = Statistics.Percentile(values, 0.95),
        ["values"] = new JsonArray([.. values.Select(value => (JsonNode)Math.Round(value, 4))]),
    };
}
