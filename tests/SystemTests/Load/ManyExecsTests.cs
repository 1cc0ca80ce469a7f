using System.Globalization;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Load;

/// <summary>Execs, many at once and many after each other.</summary>
[Collection(nameof(Alone))]
public sealed class ManyExecsTests
{
    private const int AtOnce = 500;
    private const int InRow = 1000;
    private const int Warm = 100;

    [Fact]
    public Task FiveHundredExecsThatEndAtOnceHaveOneExitEachWithItsCode() => Stage.RunAsync(DaemonLine.Debian12, async stage =>
    {
        using EventLog log = await EventLog.FollowAsync(stage);
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"]);
        // Opening a FIFO for reading waits for a writer: one open releases all of them.
        string gate = Path.Combine(stage.Rootfs, "gate");
        Fifo.Make(gate);
        await ForEachAsync(AtOnce, async exec =>
        {
            await container.AddExecAsync(exec, "/bin/sh", "-c", $": </gate; exit {Code(exec)}");
            await container.StartAsync(exec);
        });
        Task<uint>[] exits = [.. Names(AtOnce).Select(container.WaitAsync)];
        using (File.Open(gate, FileMode.Open, FileAccess.ReadWrite))
        {
            uint[] codes = await Task.WhenAll(exits);
            Assert.Equal(Names(AtOnce).Select(Code), codes);
        }

        await ForEachAsync(AtOnce, async exec => Assert.Equal(Code(exec), await container.DeleteExecAsync(exec)));
        await log.WaitForAsync(events => events.Count(e => e.Topic == "/tasks/exit") >= AtOnce, "all exit events");
        await container.EndAsync();
        await log.WaitForAsync(events => events.Any(e => e.Topic == "/tasks/exit" && e.Process == "c1"), "the container's exit event");
        TaskEvent[] exitEvents = [.. log.Events.Where(e => e.Topic == "/tasks/exit" && e.Process != "c1")];
        Assert.Equal(Names(AtOnce).Order(), exitEvents.Select(e => e.Process).Order());
        Assert.All(exitEvents, e => Assert.Equal(Code(e.Process), e.ExitStatus));
        List<string> story = [.. log.Story("c1")];
        Assert.All(Names(AtOnce), exec => Assert.True(story.IndexOf($"exec-started {exec}") < story.IndexOf($"exit {exec}"), $"{exec} started before it ended"));
    });

    [Fact]
    public Task AThousandExecsLeaveTheShimAsItWas() => Stage.RunAsync(DaemonLine.Debian12, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"]);
        int shim = Assert.Single(stage.Shims());
        await ForEachAsync(Warm, exec => RunExecAsync(container, "warm" + exec));
        ShimFootprint before = await ShimFootprint.AtRestAsync(shim);
        await ForEachAsync(InRow, exec => RunExecAsync(container, exec));
        ShimFootprint after = await ShimFootprint.AtRestAsync(shim);
        TestContext.Current.TestOutputHelper?.WriteLine($"before {before}\nafter  {after}");
        await container.EndAsync();
        Assert.Equal((before.Descriptors, before.Children), (after.Descriptors, after.Children));
        Assert.SkipWhen(RuntimeUnderTest.IsReference, $"threads and heap of the reference are not ours to judge: {before} {after}");
        Assert.InRange(after.Threads, 0, before.Threads + 1);
        Assert.InRange(after.RssAnonKilobytes, 0, before.RssAnonKilobytes + 512);
    });

    private static async Task RunExecAsync(Container container, string exec)
    {
        await container.AddExecAsync(exec, "/bin/true");
        Task<uint> exit = container.WaitAsync(exec);
        await container.StartAsync(exec);
        Assert.Equal(0u, await exit);
        Assert.Equal(0u, await container.DeleteExecAsync(exec));
    }

    private static Task ForEachAsync(int count, Func<string, Task> action) =>
        Parallel.ForEachAsync(Names(count), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (name, _) => await action(name));

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(n => string.Create(CultureInfo.InvariantCulture, $"e{n}"));

    private static uint Code(string exec) => uint.Parse(exec[1..], CultureInfo.InvariantCulture) % 200;
}
