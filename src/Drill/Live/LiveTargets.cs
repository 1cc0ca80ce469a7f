using Grpc.Core;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Watching;

namespace ShimStack.Drill.Live;

/// <summary>Targets of <see cref="LiveFacts"/>.</summary>
internal static class LiveTargets
{
    private const string FolderPrefix = "shimstack-drill-";

    /// <summary>
    /// Has the daemon run a first container, before anything is done to it: so it is known that it can, where it has its bundles and its
    /// runtime's state, and which shim it takes.
    /// </summary>
    /// <param name="facts">Of the daemon.</param>
    /// <param name="name">Of this drill alone: what follows after "shimstack-drill-".</param>
    /// <param name="record">Takes no more than what a container needs.</param>
    /// <exception cref="DrillException">It cannot; nothing was killed, and nothing is left.</exception>
    public static async Task<ILiveTarget> ExploreAsync(LiveFacts facts, string name, Record.DrillRecord record)
    {
        TargetPlaces places = PlacesOf(facts, FolderPrefix + name);
        ILiveTarget target = Of(facts, places, facts.Runtime);
        using WatchLoop loop = new();
        LiveScout scout = new(target, loop, record);
        try
        {
            (TargetPlaces found, string shim) = await scout.ExploreAsync();
            return Of(facts, found, shim);
        }
        catch (Exception e) when (e is RpcException or DrillException or TimeoutException or IOException)
        {
            await new LiveCleanup(target, loop, scout.Ids).RunAsync();
            string reason = e is RpcException call ? $"{call.StatusCode}, {call.Status.Detail}" : e.Message;
            throw new DrillException(
                $"{facts.Target} at {facts.Address} cannot run a container of the drill, so nothing was done to it: {reason}", e);
        }
    }

    private static ILiveTarget Of(LiveFacts facts, TargetPlaces places, string shim) => facts.Docker is null
        ? new LiveContainerdTarget(facts, places, shim)
        : new LiveDockerTarget(facts, places, shim);

    // A slice may not have dashes, which are levels. See systemd.slice(5).
    private static TargetPlaces PlacesOf(LiveFacts facts, string name)
    {
        TargetPlaces places = new(Path.Combine(Path.GetTempPath(), name), name) { Socket = facts.Address, LogFile = facts.Start.Log };
        return facts.Docker is { IsSystemd: true }
            ? places with { CgroupParent = name.Replace('-', '_') + ".slice" }
            : places;
    }
}
