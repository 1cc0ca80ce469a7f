using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ShimStack.Supervisor.Tests.Hosting;

namespace ShimStack.Supervisor.Tests.Comparison;

/// <summary>The same requests to us and to a real containerd: codes, messages and answers must be the same.</summary>
public sealed partial class ApiComparisonTests
{
    [Fact]
    public async Task EveryRequestIsAnsweredAsContainerdAnswersIt()
    {
        await using TestHost ours = await TestHost.StartAsync();
        using RealContainerd theirs = await RealContainerd.StartAsync();
        List<string> differences = [];
        foreach (ApiCall call in ApiCalls.All)
        {
            string expected = Normal(await call.Run(theirs.Client));
            string found = Normal(await call.Run(ours.Client));
            if (expected != found)
            {
                differences.Add($"{call.Path}, {call.Name}:\n  containerd {expected}\n  shimstackd {found}");
            }
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    /// <summary>What differs on purpose, by what containerd answers.</summary>
    private static readonly Dictionary<string, string> OnPurpose = new()
    {
        // It says so of the filters of one service twice, and of those of another at both ends.
        [": invalid argument: invalid argument"] = ": invalid argument",
        ["InvalidArgument: invalid argument: filters: "] = "InvalidArgument: filters: ",
    };

    private static string Normal(string outcome)
    {
        string text = Time().Replace(outcome, "TIME");
        foreach ((string theirs, string ours) in OnPurpose)
        {
            text = text.Replace(theirs, ours, StringComparison.Ordinal);
        }

        return text.StartsWith('{') ? Sorted(JsonNode.Parse(text)!).ToJsonString() : text;
    }

    // Go's maps have no order.
    private static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Sorted(p.Value!)))),
        JsonArray list => new JsonArray([.. list.Select(item => Sorted(item!))]),
        _ => node.DeepClone(),
    };

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")]
    private static partial Regex Time();
}
