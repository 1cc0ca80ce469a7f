using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;

namespace ShimStack.SystemTests.Load;

/// <summary>The memory gate: tightened over time, never loosened without a paragraph in docs/decisions.md.</summary>
[Collection(nameof(Alone))]
public sealed class FootprintTests
{
    private const int MaxRssAnonKilobytes = 2048;
    private const int MaxThreads = 8;

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task AShimWithOneIdleContainerIsSmall(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"]);
        ShimFootprint footprint = await ShimFootprint.AtRestAsync(Assert.Single(stage.Shims()));
        TestContext.Current.TestOutputHelper?.WriteLine($"{line}: {footprint}");
        await container.EndAsync();
        Assert.SkipWhen(RuntimeUnderTest.IsReference, $"the limit is ours; the reference: {footprint}");
        Assert.InRange(footprint.RssAnonKilobytes, 1, MaxRssAnonKilobytes);
        Assert.InRange(footprint.Threads, 1, MaxThreads);
    });
}
