using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Introspection;

namespace ShimStack.Supervisor.Upgrade;

/// <summary>The "yes" of a build that was asked by --check-state, on its stdout: later builds say at least this, and may say more.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Places">The settings that cannot change within one process, as it reads them.</param>
internal sealed record StateCheckAnswer(string Version, IReadOnlyDictionary<string, string> Places)
{
    private const string Before = "shimstackd ";
    private const string After = " can serve";

    /// <summary>Ours, with these settings.</summary>
    public static StateCheckAnswer Of(SupervisorSettings settings) => new(SupervisorVersion.Text, PlacesOf(settings));

    /// <summary>The settings that cannot change within one process.</summary>
    public static Dictionary<string, string> PlacesOf(SupervisorSettings settings) => new()
    {
        ["address"] = settings.Address,
        ["state"] = settings.State,
        ["root"] = settings.Root,
    };

    public string ToText() => $"{Before}{Version}{After}\n{string.Concat(Places.Select(place => $"{place.Key} {place.Value}\n"))}";

    /// <summary>Null for what is no "yes".</summary>
    public static StateCheckAnswer? TryParse(string text)
    {
        string[] lines = text.TrimEnd('\n').Split('\n');
        string yes = lines[0];
        if (!yes.StartsWith(Before, StringComparison.Ordinal) || !yes.EndsWith(After, StringComparison.Ordinal) || yes.Length <= Before.Length + After.Length)
        {
            return null;
        }

        Dictionary<string, string> places = [];
        foreach (string line in lines.Skip(1))
        {
            string[] parts = line.Split(' ', 2);
            places[parts[0]] = parts[^1];
        }

        return new StateCheckAnswer(yes[Before.Length..^After.Length], places);
    }
}
