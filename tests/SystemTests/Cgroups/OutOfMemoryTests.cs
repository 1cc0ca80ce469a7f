using System.Text.Json.Nodes;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Cgroups;

/// <summary>Containers with a limit of memory, and who wants more.</summary>
public sealed class OutOfMemoryTests
{
    private const string Greedy = "dd if=/dev/zero of=/dev/null bs=200M count=1";
    private const long Limit = 32 << 20;

    [Feature("out-of-memory event")]
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task AContainerThatIsKilledIsToldOfOnceBeforeItsExit(string line) => RunAsync(line, async (stage, log) =>
    {
        Container container = await Container.CreateAsync(stage, "c1", ["/bin/sh", "-c", $"read a; exec {Greedy}"], Limited());
        Task<uint> exit = container.WaitAsync();
        await container.StartAsync();
        await GoOnAsync(container, log);
        Assert.Equal(137u, await exit);
        Assert.Equal(1ul, (await TaskMetrics.ReadAsync(stage, "c1")).OomKills);
        Assert.Equal(137u, await container.DeleteAsync());
        await log.WaitForAsync(events => events.Any(e => e.Topic == "/tasks/delete"), "the delete event");
        AssertStory(["create", "start", "oom", "exit", "delete"], log);
    });

    [Feature("out-of-memory event of a child")]
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task AContainerThatGoesOnAfterAKillIsToldOfOnce(string line) => RunAsync(line, async (stage, log) =>
    {
        string[] command = ["/bin/sh", "-c", $"read a; {Greedy} 2>/dev/null; echo $?; read a"];
        Container container = await Container.RunAsync(stage, "c1", command, Limited());
        await GoOnAsync(container, log);
        await log.WaitForAsync(events => events.Any(e => e.Topic == "/tasks/oom"), "the event");
        await Until.TrueAsync(() => container.Output!.Text.StartsWith("137\n", StringComparison.Ordinal), "the child is dead");
        TaskMetrics metrics = await TaskMetrics.ReadAsync(stage, "c1");
        Assert.Equal((1ul, 1ul), (metrics.OomKills, metrics.Processes));
        AssertStory(["create", "start", "oom"], log);

        await container.EndAsync();
        await log.WaitForAsync(events => events.Any(e => e.Topic == "/tasks/delete"), "the delete event");
        AssertStory(["create", "start", "oom", "exit", "delete"], log);
    });

    private static Task RunAsync(string line, Func<Stage, EventLog, Task> test) => Stage.RunAsync(line, async stage =>
    {
        bool isCounted = File.Exists("/sys/fs/cgroup/memory/memory.oom_control") || File.Exists("/sys/fs/cgroup/cgroup.controllers");
        Assert.SkipUnless(isCounted, "no memory controller");
        using EventLog log = await EventLog.FollowAsync(stage);
        await test(stage, log);
    });

    private static ContainerSettings Limited()
    {
        JsonObject memory = new() { ["limit"] = Limit };
        if (File.ReadLines("/proc/swaps").Count() > 1)
        {
            // Only there: a kernel without accounting of swap refuses it.
            memory["swap"] = Limit;
        }

        return new ContainerSettings { Input = true, Resources = new JsonObject { ["memory"] = memory } };
    }

    // One that is killed before its start has been told of may be told of before.
    private static async Task GoOnAsync(Container container, EventLog log)
    {
        await log.WaitForAsync(events => events.Any(e => e.Topic == "/tasks/start"), "the start event");
        await File.AppendAllTextAsync(container.InputPath, "\n");
    }

    // The reference tells of a kill at any time, more than once if it likes.
    private static void AssertStory(string[] story, EventLog log)
    {
        if (RuntimeUnderTest.IsReference)
        {
            Assert.Equal(story.Order(), log.Story("c1").Distinct().Order());
        }
        else
        {
            Assert.Equal(story, log.Story("c1"));
        }
    }
}
