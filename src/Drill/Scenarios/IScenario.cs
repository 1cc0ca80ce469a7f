using ShimStack.Drill.Steps;
using ShimStack.Drill.Targets;

namespace ShimStack.Drill.Scenarios;

/// <summary>
/// Something that operators fear, as a list of steps. Rounds are repeated as long as a drill lasts; each begins and ends with the daemon up
/// and the fleet running.
/// What a round makes beside the fleet has the round in its name, and is deleted by it.
/// </summary>
internal interface IScenario
{
    string Name { get; }

    /// <summary>For `list`.</summary>
    string Sentence { get; }

    /// <summary>The targets that can do it.</summary>
    IReadOnlyList<string> Targets => TargetNames.All;

    /// <summary>What has to be there before the daemon is.</summary>
    Need Need => Need.Nothing;

    /// <summary>Why it is not for a daemon that others use as well; null if it is.</summary>
    string? NotLive => null;

    IReadOnlyList<IStep> Round(PlanSettings settings, int round);
}

/// <summary>What plans depend on: the same settings make the same plan.</summary>
/// <param name="Containers">How many there are all the time.</param>
/// <param name="Seed">For what is chosen by chance.</param>
/// <param name="Away">How long the daemon is away where that is what is tried.</param>
/// <param name="Target">What is drilled: what becomes visible of a call depends on it.</param>
/// <param name="IsLive">It is the machine's own.</param>
public sealed record PlanSettings(int Containers, int Seed, TimeSpan Away, string Target = TargetNames.Shimstack, bool IsLive = false);
