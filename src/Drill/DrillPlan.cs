using ShimStack.Drill.Invariants;
using ShimStack.Drill.Scenarios;
using ShimStack.Drill.Steps;
using ShimStack.Drill.Targets;

namespace ShimStack.Drill;

/// <summary>What there is to choose, and what would be done: without doing it, so without root or daemon.</summary>
public static class DrillPlan
{
    public static IReadOnlyList<string> Targets => TargetNames.All;

    /// <summary>Name and sentence of each scenario.</summary>
    public static IEnumerable<(string Name, string Sentence)> Scenarios =>
        ScenarioList.All.Select(static scenario => (scenario.Name, scenario.Sentence));

    /// <summary>Name and sentence of each invariant.</summary>
    public static IEnumerable<(string Name, string Sentence)> Invariants =>
        InvariantList.All.Select(static invariant => (invariant.Name, invariant.Sentence));

    /// <summary>The steps of a scenario's first rounds, in words.</summary>
    /// <exception cref="DrillException">There is no such scenario.</exception>
    public static IEnumerable<(string Scenario, IReadOnlyList<string> Steps)> Of(IReadOnlyList<string> scenarios, string target,
        PlanSettings settings, int rounds) =>
        ScenarioList.Named(scenarios, target, settings.IsLive).Select(scenario => (scenario.Name, (IReadOnlyList<string>)
        [
            .. WorkFleet.Opening(settings).Select(static step => step.Text),
            .. Enumerable.Range(1, rounds).SelectMany(round => scenario.Round(settings, round)).Select(static step => step.Text),
            settings.IsLive ? LiveClosingText : ClosingText,
        ]));

    /// <summary>How often the daemon is killed or ended in one round of all scenarios together, and how often it is stopped.</summary>
    public static (int Deaths, int Stops) Blows(IReadOnlyList<string> scenarios, PlanSettings settings)
    {
        IStep[] steps = [.. ScenarioList.Named(scenarios, settings.Target, settings.IsLive)
            .SelectMany(scenario => scenario.Round(settings, 1))];
        return (steps.Count(static step => step is EndDaemon or KillInStart or CutCall), steps.Count(static step => step is FreezeDaemon));
    }

    internal const string LiveClosingText = "SIGTERM to all that runs, delete everything, look for what is left; the daemon goes on";

    internal const string ClosingText = "SIGTERM to all that runs, delete everything, stop the daemon, look for what is left";

    internal static IEnumerable<IStep> Closing(IEnumerable<string> names) =>
        names.SelectMany(static name =>
            (IStep[])[new EndProcess(name, Native.Processes.Signal.SIGTERM), new AwaitEnd(name), new Remove(name)]);
}
