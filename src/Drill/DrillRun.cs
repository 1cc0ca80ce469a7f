using System.Security.Cryptography;
using ShimStack.Drill.Live;
using ShimStack.Drill.Record;
using ShimStack.Drill.Running;
using ShimStack.Drill.Scenarios;
using ShimStack.Drill.Targets;

namespace ShimStack.Drill;

/// <summary>One drill: each scenario on a target of its own, one after the other.</summary>
public static class DrillRun
{
    private const string FolderPrefix = "drill-";

    /// <param name="settings">What is to be done.</param>
    /// <param name="time">For everything.</param>
    /// <param name="progress">Told before each step.</param>
    /// <param name="stop">Ends it early: it cleans up, and what was done until then is the result.</param>
    /// <exception cref="DrillException">There is no such scenario or target, or something could not be cleaned up.</exception>
    public static async Task<DrillResult> RunAsync(DrillSettings settings, TimeProvider time, Action<DrillProgress> progress,
        CancellationToken stop)
    {
        List<ScenarioResult> done = [];
        DateTimeOffset begun = time.GetUtcNow();
        foreach (IScenario scenario in ScenarioList.Named(settings.Scenarios, settings.Target, settings.Live is not null))
        {
            DrillRecord record = new(time);
            ScenarioRun run = new(scenario, settings, record, (round, step, elapsed) =>
                progress(new(scenario.Name, record, round, step, elapsed, done)));
            done.Add(await run.RunAsync(await TargetOfAsync(settings, scenario.Need, time), stop));
            if (stop.IsCancellationRequested || (settings.UntilFailure && !done[^1].Holds))
            {
                break;
            }
        }

        return new DrillResult(settings, begun, done);
    }

    private static async Task<ITarget> TargetOfAsync(DrillSettings settings, Need need, TimeProvider time)
    {
        string chance = RandomNumberGenerator.GetHexString(8, lowercase: true);
        return settings.Live is LiveFacts live
            ? await LiveTargets.ExploreAsync(live, chance, new DrillRecord(time))
            : PrivateTarget(settings, need, FolderPrefix + chance);
    }

    private static ITarget PrivateTarget(DrillSettings settings, Need need, string name)
    {
        TargetPlaces places = new(Path.Combine(Path.GetTempPath(), name), name);
        places = need switch
        {
            Need.SmallDisk => places with { HasSmallDisk = true, OwnMounts = [places.Disk] },
            Need.FaultyRuntime => places with { RuntimeProgram = Path.Combine(places.Programs, "runtime") },
            _ => places,
        };
        return settings.Target switch
        {
            TargetNames.Shimstack => new ShimstackTarget(places, settings.Daemon, settings.Next, settings.Shim),
            TargetNames.Containerd => new ContainerdTarget(places, settings.Daemon, settings.Shim),
            TargetNames.Docker => new DockerTarget(DockerTarget.PlacesOf(places), settings.Daemon, settings.Ground, settings.Shim),
            TargetNames.Shim => new ShimTarget(places, settings.Shim),
            _ => throw new DrillException($"there is no target {settings.Target}: choose of {string.Join(", ", TargetNames.All)}"),
        };
    }
}
