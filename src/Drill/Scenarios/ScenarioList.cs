using ShimStack.Drill.Steps;

namespace ShimStack.Drill.Scenarios;

/// <summary>All scenarios, in the order in which they are run.</summary>
internal static class ScenarioList
{
    public static IReadOnlyList<IScenario> All { get; } =
    [
        new RestartScenario(), new KillScenario(), new FreezeScenario(), new AwayScenario(), new BusyScenario(),
        new CutScenario("create", Call.Create), new CutScenario("start", Call.Start), new CutScenario("exec", Call.Exec),
        new CutScenario("exec-start", Call.ExecStart),
        new CutScenario("delete", Call.Delete), new ShimScenario(), new GroundScenario(), new FullDiskScenario(), new RuntimeScenario(),
        new LoggerScenario(), new UpgradeScenario(), new UpgradeShimsScenario(), new StormScenario(),
    ];

    /// <summary>Those of these names; if there is none, all that the target can do.</summary>
    /// <exception cref="DrillException">There is no such scenario, or the target cannot do it.</exception>
    public static IReadOnlyList<IScenario> Named(IReadOnlyList<string> names, string target, bool isLive = false) => names.Count == 0
        ? [.. All.Where(scenario => Refusal(scenario, target, isLive) is null)]
        : [.. names.Select(Named).Select(scenario =>
            Refusal(scenario, target, isLive) is string reason ? throw new DrillException(reason) : scenario)];

    private static string? Refusal(IScenario scenario, string target, bool isLive)
    {
        if (!scenario.Targets.Contains(target))
        {
            return $"{scenario.Name} is for {string.Join(", ", scenario.Targets)} alone, not for {target}";
        }

        return isLive && scenario.NotLive is string reason
            ? $"{scenario.Name} is not for a live daemon: {reason}; without --live it has a private one"
            : null;
    }

    private static IScenario Named(string name) => All.FirstOrDefault(scenario => scenario.Name == name)
        ?? throw new DrillException(
            $"there is no scenario {name}: choose of {string.Join(", ", All.Select(static scenario => scenario.Name))}");
}
