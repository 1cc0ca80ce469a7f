using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;

namespace ShimStack.SystemTests.Upgrade;

/// <summary>All shims of a machine at once. SHIMSTACK_SHIMS says how many those are.</summary>
[Collection(nameof(Alone))]
public sealed class ManyShimsTests
{
    private static readonly int Shims = int.Parse(Environment.GetEnvironmentVariable("SHIMSTACK_SHIMS") ?? "20", CultureInfo.InvariantCulture);

    [Fact]
    public Task AllShimsOfADaemonAreUpgradedAtOnce() => Stage.RunAsync(DaemonLine.Newest, async stage =>
    {
        ShimBuilds builds = await ShimBuilds.MakeAsync(stage);
        List<Container> containers = [];
        for (int i = 0; i < Shims; i++)
        {
            containers.Add(await Container.RunAsync(stage, $"c{i}", ["/bin/sleep", "1000"], new ContainerSettings { Output = false }));
        }

        long begun = Stopwatch.GetTimestamp();
        IReadOnlyList<JsonElement> outcomes = await builds.UpgradeAsync(builds.Second);
        TimeSpan took = Stopwatch.GetElapsedTime(begun);
        Assert.Equal(Shims, outcomes.Select(static outcome => outcome.GetProperty("pid").GetInt32()).Distinct().Count());
        double[] pauses = [.. outcomes.Select(static outcome => outcome.GetProperty("pauseMilliseconds").GetDouble()).Order()];
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Shims} shims in {took.TotalSeconds:0.00} s; nothing moved for {pauses[Shims / 2]} ms, {pauses[^1]} ms at most"));
        await Parallel.ForEachAsync(containers, async (container, _) => await container.EndAsync());
    }, new StageSettings { Limit = TimeSpan.FromMinutes(5) });
}
