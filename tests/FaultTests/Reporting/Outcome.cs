using System.Text.Json;

namespace ShimStack.FaultTests.Reporting;

/// <summary>What a shim made of a fault.</summary>
/// <param name="Group">Of the fault.</param>
/// <param name="Fault">Its title.</param>
/// <param name="Promise">What should have happened.</param>
/// <param name="IsReference">It was not our shim.</param>
/// <param name="Findings">What was not as it should be; none: all was.</param>
internal sealed record Outcome(string Group, string Fault, string Promise, bool IsReference, IReadOnlyList<string> Findings);

/// <summary>The file in which a run keeps its outcomes, one JSON object a line, for the page.</summary>
internal static class Outcomes
{
    private const string Variable = "SHIMSTACK_FAULT_OUTCOMES";
    private static readonly Lock Writing = new();

    /// <summary>The page is to be made: the reference is asked as well.</summary>
    public static bool AreWanted => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };

    public static void Write(Outcome outcome)
    {
        if (AreWanted)
        {
            lock (Writing)
            {
                File.AppendAllText(Environment.GetEnvironmentVariable(Variable)!, JsonSerializer.Serialize(outcome) + "\n");
            }
        }
    }

    public static IReadOnlyList<Outcome> Read(string path) =>
        [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<Outcome>(line)!)];
}
