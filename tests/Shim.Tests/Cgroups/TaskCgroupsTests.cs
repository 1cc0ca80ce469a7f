using ShimStack.Api;
using ShimStack.Api.CgroupsV2;
using ShimStack.Api.Task;
using ShimStack.Shim.Cgroups;
using ShimStack.Shim.State;
using ShimStack.Shim.Tasks;
using ShimStack.Shim.Tests.Loop;
using ShimStack.Shim.Tests.State;
using ShimStack.Ttrpc;
using V1 = ShimStack.Api.CgroupsV1;

namespace ShimStack.Shim.Tests.Cgroups;

/// <summary>A whole server whose container has a cgroup that the test writes.</summary>
public class TaskCgroupsTests
{
    [Fact]
    public void StatsOfAContainerWithoutACgroupIsNotFound() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = new(shim, "c1");
        await task.CreateAsync();
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => StatsAsync(shim));
        Assert.Equal((RpcCode.NotFound, "cgroup does not exist"), (refusal.Code, refusal.Message));
        refusal = await Assert.ThrowsAsync<RpcException>(() => StatsAsync(shim, "c2"));
        Assert.Equal((RpcCode.NotFound, "container not created"), (refusal.Code, refusal.Message));
    });

    [Fact]
    public void StatsHasTheTypeUrlOfItsVersionAndIsAnsweredWhileTheRuntimeHangs() => ShimInTest.Run(async shim =>
    {
        using RecordedCgroup v1 = RecordedCgroup.V1();
        using RecordedCgroup v2 = RecordedCgroup.V2();
        TaskInTest task = new(shim, "c1");
        await task.CreateAsync();
        TaskCompletionSource hung = new(TaskCreationOptions.RunContinuationsAsynchronously);
        shim.Runtime.BeforeReturn = (_, _) => hung.Task;
        Task start = task.StartAsync();

        TaskOf(shim).Cgroup = v2.Cgroup;
        StatsResponse stats = await StatsAsync(shim);
        Assert.Equal((TypeUrls.CgroupsV2Metrics, 7ul), (stats.Stats.TypeUrl, Metrics.Parser.ParseFrom(stats.Stats.Value).Pids.Current));
        TaskOf(shim).Cgroup = v1.Cgroup;
        stats = await StatsAsync(shim);
        Assert.Equal((TypeUrls.CgroupsV1Metrics, 64ul), (stats.Stats.TypeUrl, V1.Metrics.Parser.ParseFrom(stats.Stats.Value).Pids.Limit));
        Assert.False(start.IsCompleted);
        hung.SetResult();
        await start;
    });

    [Fact]
    public void AKillIsToldBeforeTheExitAndOnce() => ShimInTest.Run(async shim =>
    {
        using TemporaryDirectory cgroup = new();
        TaskInTest task = await WatchedAsync(shim, cgroup);

        cgroup.Write("memory.events", "oom 1\noom_kill 1\n");
        shim.End(task.Pid, 137);
        await task.WaitAsync();
        await LoopTest.TurnAsync();

        Assert.Equal(["create", "start", "oom", "exit"], Announced(shim));
    });

    [Fact]
    public void AKillThatTheContainerSurvivesIsToldWhenItHappens() => ShimInTest.Run(async shim =>
    {
        using TemporaryDirectory cgroup = new();
        TaskInTest task = await WatchedAsync(shim, cgroup);

        cgroup.Write("memory.events", "oom 1\noom_kill 1\n");
        await LoopTest.UntilAsync(() => Announced(shim).Length == 3);
        shim.End(task.Pid, 0);
        await task.WaitAsync();

        Assert.Equal(["create", "start", "oom", "exit"], Announced(shim));
    });

    [Fact]
    public void AKillIsToldEvenIfTheCgroupVanishesBeforeTheExitIsAnnounced() => ShimInTest.Run(async shim =>
    {
        using TemporaryDirectory cgroup = new();
        TaskInTest task = await WatchedAsync(shim, cgroup);
        await task.AddExecAsync("e1");
        uint exec = await task.StartExecAsync("e1");

        cgroup.Write("memory.events", "oom 1\noom_kill 1\n");
        shim.End(task.Pid, 137);
        File.Delete(cgroup["memory.events"]);
        shim.End(exec, 137);
        await task.WaitAsync();

        Assert.Equal(["oom", "exit", "exit"], Announced(shim)[^3..]);
        Directory.Delete(cgroup.Path, recursive: true);
        Metrics metrics = Metrics.Parser.ParseFrom((await StatsAsync(shim)).Stats.Value);
        Assert.Equal(new MemoryEvents { Oom = 1, OomKill = 1 }, metrics.MemoryEvents);
        cgroup.Make("");
    });

    [Fact]
    public void AKillDuringAHandOverIsToldOnceAndWhatWasToldIsNot() => ShimInTest.Run(async shim =>
    {
        using TemporaryDirectory cgroup = new();
        TaskInTest task = await WatchedAsync(shim, cgroup);
        cgroup.Write("memory.events", "oom 1\noom_kill 1\n");
        await LoopTest.UntilAsync(() => Announced(shim).Length == 3);

        await shim.HandOverAsync();
        Assert.Equal(["create", "start", "oom"], Announced(shim));
        shim.Parts.Tasks.Get("c1").OomWatch!.Dispose();
        cgroup.Write("memory.events", "oom 2\noom_kill 2\n");
        ShimRecord record = await shim.HandOverAsync();
        Assert.Equal("oom 1\noom_kill 1\n", record.Tasks[0].Cgroup.OomSeen.ToStringUtf8());
        Assert.Equal(["create", "start", "oom", "oom"], Announced(shim));

        ShimRecord again = await shim.HandOverAsync();
        Assert.Equal(again, await shim.HandOverAsync());
        shim.End(task.Pid, 0);
        await task.WaitAsync();
        Assert.Equal(["create", "start", "oom", "oom", "exit"], Announced(shim));
    });

    // The scripted runtime's processes have no cgroup: the container gets one here, and a hand-over begins the watch.
    private static async Task<TaskInTest> WatchedAsync(ShimInTest shim, TemporaryDirectory cgroup)
    {
        cgroup.Write("memory.events", "oom 0\noom_kill 0\n");
        TaskInTest task = new(shim, "c1");
        await task.CreateAsync();
        await task.StartAsync();
        TaskOf(shim).Cgroup = ContainerCgroup.Unified(cgroup.Path);
        await shim.HandOverAsync();
        return task;
    }

    private static ContainerTask TaskOf(ShimInTest shim) => shim.Parts.Tasks.Get("c1");

    private static Task<StatsResponse> StatsAsync(ShimInTest shim, string id = "c1") =>
        shim.CallAsync(TaskServices.Stats, new StatsRequest { Id = id }, StatsResponse.Parser);

    private static string[] Announced(ShimInTest shim) => [.. shim.Parts.Outbox.Pending.Select(static e => e.Topic["/tasks/".Length..])];
}
