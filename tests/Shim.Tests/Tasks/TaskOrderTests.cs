using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Events;
using ShimStack.Api.Task;
using ShimStack.Shim.Tests.Loop;
using ShimStack.Shim.Tests.State;
using ShimStack.Ttrpc;
using Status = ShimStack.Api.Types.Status;

namespace ShimStack.Shim.Tests.Tasks;

/// <summary>The order of contract chapter 3.6, with a runtime that does what the test wants at the worst moment.</summary>
public class TaskOrderTests
{
    [Fact]
    public void AnExitBeforeCreateReturnsIsAnnouncedAfterTheCreation() => ShimInTest.Run(async shim =>
    {
        At(shim, "create", pid => shim.End((uint)pid, 3));
        TaskInTest task = new(shim, "c1");
        await task.CreateAsync();

        Assert.Equal(3u, (await task.WaitAsync()).ExitStatus);
        Assert.Equal(["create", "exit c1 3"], Announced(shim));
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(task.StartAsync);
        Assert.Equal("cannot start a stopped process", refusal.Message);
    });

    [Fact]
    public void ExitIsPublishedAfterStartEvenIfTheProcessDiesFirst() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = new(shim, "c1");
        await task.CreateAsync();
        At(shim, "start", _ => shim.End(task.Pid, 3));
        await task.StartAsync();

        Assert.Equal(3u, (await task.WaitAsync()).ExitStatus);
        Assert.Equal(["create", "start", "exit c1 3"], Announced(shim));
    });

    [Fact]
    public void AnExitIsAnnouncedWhileTheRuntimeHangsInAnotherCall() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = await RunningAsync(shim);
        TaskCompletionSource hang = new();
        shim.Runtime.BeforeReturn = (step, _) => step == "pause" ? hang.Task : Task.CompletedTask;
        Task<Empty> pause = shim.CallAsync(TaskServices.Pause, new PauseRequest { Id = "c1" }, Empty.Parser);
        await LoopTest.UntilAsync(() => shim.Runtime.Steps.Contains("pause"));
        shim.End(task.Pid, 3);

        Assert.Equal(3u, (await task.WaitAsync()).ExitStatus);
        Assert.False(pause.IsCompleted);
        hang.SetResult();
        await Assert.ThrowsAsync<RpcException>(() => pause);
    });

    [Fact]
    public void AnExecThatEndsBeforeItsStartReturnsIsStartedFirst() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = await RunningAsync(shim);
        await task.AddExecAsync("e1");
        At(shim, "exec", pid => shim.End((uint)pid, 5));
        await task.StartExecAsync("e1");

        Assert.Equal(5u, (await task.WaitAsync("e1")).ExitStatus);
        Assert.Equal(["create", "start", "exec-added", "exec-started", "exit e1 5"], Announced(shim));
    });

    [Fact]
    public void TheExitsOfAllExecsComeBeforeTheirInits() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = await RunningAsync(shim);
        await task.AddExecAsync("e1");
        await task.AddExecAsync("e2");
        uint first = await task.StartExecAsync("e1");
        uint second = await task.StartExecAsync("e2");
        Task<WaitResponse> init = task.WaitAsync();

        shim.End(task.Pid, 1);
        shim.End(second, 2);
        Assert.Equal(Status.Running, (await task.StateAsync()).Status);
        Assert.False(init.IsCompleted);
        shim.End(first, 3);

        Assert.Equal(1u, (await init).ExitStatus);
        Assert.Equal(["exit e2 2", "exit e1 3", "exit c1 1"], Announced(shim)[^3..]);
    });

    [Fact]
    public void NoExecStartsAfterTheInitWasReaped() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = await RunningAsync(shim);
        await task.AddExecAsync("e1");
        await task.AddExecAsync("e2");
        uint running = await task.StartExecAsync("e1");
        shim.End(task.Pid, 1);

        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => task.StartExecAsync("e2"));
        Assert.Equal(RpcCode.FailedPrecondition, refusal.Code);
        Assert.Equal("container c1 init process is not running", refusal.Message);
        shim.End(running, 0);
        await task.WaitAsync();
    });

    [Fact]
    public void AFailedExecReleasesItsWaitAndTheInit() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = await RunningAsync(shim);
        await task.AddExecAsync("e1");
        Task<WaitResponse> exec = task.WaitAsync("e1");
        At(shim, "exec", _ => throw RpcException.Unknown("OCI runtime exec failed: no"));

        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => task.StartExecAsync("e1"));
        Assert.Equal("OCI runtime exec failed: no", failure.Message);
        Assert.NotEqual(0u, (await exec).ExitStatus);
        await Assert.ThrowsAsync<RpcException>(() => task.StartExecAsync("e1"));

        shim.End(task.Pid, 1);
        Assert.Equal(1u, (await task.WaitAsync()).ExitStatus);
        Assert.DoesNotContain(Announced(shim), static e => e.StartsWith("exit e1", StringComparison.Ordinal));
    });

    [Fact]
    public void ADeleteInCreatedStateAnswers137AndReleasesTheWait() => ShimInTest.Run(async shim =>
    {
        shim.LetDaemonIn();
        TaskInTest task = new(shim, "c1");
        await task.CreateAsync();
        Task<WaitResponse> wait = task.WaitAsync();
        At(shim, "delete", _ => shim.End(task.Pid, 137));

        DeleteResponse deleted = await DeleteAsync(shim);
        WaitResponse waited = await wait;
        Assert.Equal((137u, 137u, task.Pid), (deleted.ExitStatus, waited.ExitStatus, deleted.Pid));
        Assert.Equal(deleted.ExitedAt, waited.ExitedAt);
        Assert.Equal(["create", "exit c1 137", "delete"], Announced(shim));
        await Assert.ThrowsAsync<RpcException>(() => task.StateAsync());
    });

    [Fact]
    public void ADeleteThatFindsTheContainerStartedLeavesItAlone() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = new(shim, "c1");
        await task.CreateAsync();
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        shim.Runtime.BeforeReturn = (step, _) => step == "start" ? started.Task : Task.CompletedTask;
        Task start = task.StartAsync();
        Task<DeleteResponse> delete = DeleteAsync(shim);
        Assert.Equal(Status.Created, (await task.StateAsync()).Status); // both have been read
        started.SetResult();

        await start;
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => delete);
        Assert.Equal("cannot delete a running process", refusal.Message);
        Assert.DoesNotContain("delete", shim.Runtime.Steps);
    });

    [Fact]
    public void AnExitWhileDeleteRunsInCreatedStateIsAnnouncedOnce() => ShimInTest.Run(async shim =>
    {
        shim.LetDaemonIn();
        TaskInTest task = new(shim, "c1");
        await task.CreateAsync();
        shim.End(task.Pid, 9);
        DeleteResponse deleted = await DeleteAsync(shim);
        Assert.Equal(9u, deleted.ExitStatus);
        Assert.Equal(["create", "exit c1 9", "delete"], Announced(shim));
    });

    [Theory]
    [InlineData("""{"linux":{"namespaces":[{"type":"pid"}]}}""", 0)]
    [InlineData("""{"linux":{"namespaces":[{"type":"pid","path":"/proc/1/ns/pid"}]}}""", 1)]
    [InlineData("""{"linux":{"namespaces":[]}}""", 1)]
    public void TheRestOfAContainerIsKilledWithItsInitWhereThePidNamespaceIsShared(string spec, int kills) => ShimInTest.Run(async shim =>
    {
        TaskInTest task = await RunningAsync(shim);
        File.WriteAllText(Path.Join(task.Bundle, "config.json"), spec);
        shim.End(task.Pid, 1);
        await task.WaitAsync();
        Assert.Equal(Enumerable.Repeat("c1 9 True", kills), shim.Runtime.Kills);
    });

    [Fact]
    public void AWaitOnAnExecThatNeverRanEndsWithItsContainer() => ShimInTest.Run(async shim =>
    {
        shim.LetDaemonIn();
        TaskInTest task = await RunningAsync(shim);
        await task.AddExecAsync("e1");
        Task<WaitResponse> exec = task.WaitAsync("e1");
        shim.End(task.Pid, 1);
        await task.WaitAsync();
        await DeleteAsync(shim);
        Assert.Equal(255u, (await exec).ExitStatus);
    });

    [Fact]
    public void AFailedCreateIsDeletedByForceAndCanBeRepeated() => ShimInTest.Run(async shim =>
    {
        At(shim, "create", _ => throw RpcException.Unknown("OCI runtime create failed: no"));
        TaskInTest task = new(shim, "c1");
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => task.CreateAsync());
        Assert.Equal("OCI runtime create failed: no", failure.Message);
        Assert.Equal(["create", "delete --force"], shim.Runtime.Steps);
        Assert.Empty(Announced(shim));

        shim.Runtime.BeforeReturn = static (_, _) => Task.CompletedTask;
        foreach (string fifo in System.IO.Directory.GetFiles(task.Bundle, "init-std*"))
        {
            File.Delete(fifo);
        }

        await task.CreateAsync();
        Assert.Equal(["create"], Announced(shim));
    });

    [Fact]
    public void WhatOnlyReadsIsAnsweredWhileTheRuntimeHangs() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = new(shim, "c1");
        await task.CreateAsync();
        TaskCompletionSource hung = new(TaskCreationOptions.RunContinuationsAsynchronously);
        shim.Runtime.BeforeReturn = (_, _) => hung.Task;
        Task start = task.StartAsync();

        Assert.Equal(Status.Created, (await task.StateAsync()).Status);
        ConnectResponse connect = await shim.CallAsync(TaskServices.Connect, new ConnectRequest { Id = "c1" }, ConnectResponse.Parser);
        Assert.Equal(task.Pid, connect.TaskPid);
        PidsResponse pids = await shim.CallAsync(TaskServices.Pids, new PidsRequest { Id = "c1" }, PidsResponse.Parser);
        Assert.Equal(task.Pid, Assert.Single(pids.Processes).Pid);
        Assert.False(start.IsCompleted);
        hung.SetResult();
        await start;
    });

    [Fact]
    public void AKillQueuedBehindTheStartOfADeadExecReachesNobody() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = await RunningAsync(shim);
        await task.AddExecAsync("e1");
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        shim.Runtime.BeforeReturn = async (_, pid) =>
        {
            await started.Task;
            shim.End((uint)pid, 4);
        };
        Task start = task.StartExecAsync("e1");
        Task kill = shim.CallAsync(TaskServices.Kill, new KillRequest { Id = "c1", ExecId = "e1", Signal = 9 }, Empty.Parser);
        await task.StateAsync("e1");
        started.SetResult();

        await start;
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => kill);
        Assert.Equal((RpcCode.NotFound, "process already finished"), (refusal.Code, refusal.Message));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AKillDuringADeleteIsAnsweredWithoutTheRuntime(bool all) => ShimInTest.Run(async shim =>
    {
        TaskInTest task = await RunningAsync(shim);
        shim.End(task.Pid, 1);
        await task.WaitAsync();
        TaskCompletionSource deleted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        shim.Runtime.BeforeReturn = (_, _) => deleted.Task;
        Task<DeleteResponse> delete = DeleteAsync(shim);
        Task kill = shim.CallAsync(TaskServices.Kill, new KillRequest { Id = "c1", Signal = 15, All = all }, Empty.Parser);
        await task.StateAsync(); // both have been read
        Assert.Equal(all, !kill.IsCompleted); // "all" means others than init too: it waits for its turn
        deleted.SetResult();

        await delete;
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => kill);
        Assert.Equal((RpcCode.NotFound, "process already finished"), (refusal.Code, refusal.Message));
        Assert.Empty(shim.Runtime.Kills);
    });

    private static void At(ShimInTest shim, string step, Action<int> then) => shim.Runtime.BeforeReturn = (name, pid) =>
    {
        if (name == step)
        {
            then(pid);
        }

        return Task.CompletedTask;
    };

    private static async Task<TaskInTest> RunningAsync(ShimInTest shim)
    {
        TaskInTest task = new(shim, "c1");
        await task.CreateAsync();
        await task.StartAsync();
        return task;
    }

    private static Task<DeleteResponse> DeleteAsync(ShimInTest shim) =>
        shim.CallAsync(TaskServices.Delete, new DeleteRequest { Id = "c1" }, DeleteResponse.Parser);

    private static string[] Announced(ShimInTest shim) => [.. shim.Events.Taken.Concat(shim.Parts.Outbox.Pending).Select(static e =>
    {
        string name = e.Topic["/tasks/".Length..];
        return name == "exit" && TaskExit.Parser.ParseFrom(e.Payload) is TaskExit exit ? $"exit {exit.Id} {exit.ExitStatus}" : name;
    })];
}
