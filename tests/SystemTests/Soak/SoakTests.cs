using System.Globalization;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Soak.Plan;
using ShimStack.SystemTests.Soak.Walk;

namespace ShimStack.SystemTests.Soak;

/// <summary>
/// A random walk through the lives of containers, their execs, readers and daemon; after each step all that must hold does. Seed and minutes come
/// from SHIMSTACK_SOAK_SEED and SHIMSTACK_SOAK_MINUTES (`./build.sh soak [MINUTES [SEED]]`); the same seed takes the same steps.
/// </summary>
public sealed class SoakTests
{
    private const int DefaultMinutes = 3;

    private static readonly int Seed = Number("SHIMSTACK_SOAK_SEED", Random.Shared.Next(1_000_000));
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(Number("SHIMSTACK_SOAK_MINUTES", DefaultMinutes)) / DaemonLine.All.Count;

    [Theory(Explicit = true), MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task NothingIsLostAndNothingStuck(string line)
    {
        StageSettings settings = new() { Prepare = WorkerFiles.InstallAsync, Limit = Length + TimeSpan.FromMinutes(5) };
        return Stage.RunAsync(line, WalkAsync, settings);
    }

    private static async Task WalkAsync(Stage stage)
    {
        using SoakLog log = new(stage, Seed);
        using World world = new(stage);
        await world.Events.FollowAsync(stage);
        Walker walker = new(world);
        DateTimeOffset end = DateTimeOffset.UtcNow + Length;
        try
        {
            foreach (Step step in WalkPlan.Of(Seed).TakeWhile(_ => DateTimeOffset.UtcNow < end))
            {
                log.Begins(step);
                await walker.TakeAsync(step);
            }

            foreach (Step step in WalkPlan.Home(world.Model))
            {
                log.Begins(step);
                await walker.TakeAsync(step);
            }

            Assert.Equal([], world.Events.LateExits());
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.Failed();
            throw;
        }
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
