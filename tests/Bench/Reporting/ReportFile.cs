using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ShimStack.Bench.Measuring;

namespace ShimStack.Bench.Reporting;

/// <summary>The same for programs: every single value, so that others can compute what they like, and the targets.</summary>
internal static class ReportFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static async Task<string> WriteAsync(
        MachineFacts machine, IReadOnlyList<Contender> contenders, Samples alone, CancellationToken cancellation)
    {
        var shims = new JsonArray();
        foreach (Contender contender in contenders)
        {
            shims.Add(new JsonObject
            {
                ["name"] = contender.Name,
                ["path"] = contender.Shim.BinaryPath,
                ["version"] = await contender.Shim.VersionAsync(cancellation),
            });
        }

        Samples[] samples = [.. contenders.Select(contender => contender.Samples)];
        var document = new JsonObject
        {
            ["machine"] = JsonSerializer.SerializeToNode(machine, Indented),
            ["shims"] = shims,
            ["targets"] = new JsonArray([.. Targets.All.Select(target => Judged(target, samples))]),
            ["samples"] = new JsonObject(samples.Append(alone).Select(c => KeyValuePair.Create(c.Contender, (JsonNode?)Metrics(c)))),
        };
        return document.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Judged(Target target, IReadOnlyList<Samples> contenders) => new()
    {
        ["metric"] = target.Metric.Name,
        ["target"] = target.Text(contenders),
        ["value"] = target.Value(contenders) is { } value ? Math.Round(value, 4) : null,
        ["verdict"] = target.Judge(contenders).ToString(),
    };

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
