using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Task;
using ShimStack.Native.Processes;
using ShimStack.Shim.Tasks;
using ShimStack.Shim.Tests.State;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tests.Tasks;

/// <summary>Which signals the shim sends itself, and which go through the runtime; with a real process in the place of the init.</summary>
[Collection(OneProcessAtATime.Name)]
public class KillTests
{
    [Theory]
    [InlineData(15u, false, "private", "")]
    [InlineData(9u, false, "private", "")]
    [InlineData(15u, false, "shared", "")]
    [InlineData(9u, false, "shared", "c1 9 False")]
    [InlineData(9u, true, "private", "c1 9 True")]
    public void ASignalGoesDirectlyWhereThatIsTheSameThing(uint signal, bool all, string pidNamespace, string asked) => ShimInTest.Run(
        async shim =>
        {
            TaskInTest task = new(shim, "c1");
            int pid = Spawner.Spawn(new SpawnRequest { Path = "/bin/sleep", Arguments = ["sleep", "100"], Environment = [] });
            shim.Runtime.NextPid = pid;
            await task.CreateAsync();
            await task.StartAsync();
            if (pidNamespace == "shared")
            {
                File.WriteAllText(Path.Join(task.Bundle, "config.json"), "{}");
            }

            await shim.CallAsync(TaskServices.Kill, new KillRequest { Id = "c1", Signal = signal, All = all }, Empty.Parser);

            Assert.Equal(asked, string.Join(", ", shim.Runtime.Kills));
            if (asked.Length > 0)
            {
                ProcessSignals.Send(pid, (int)Signal.SIGKILL);
            }

            shim.ReapFor(pid);
            Assert.Equal(asked.Length > 0 ? 137u : 128 + signal, (await task.WaitAsync()).ExitStatus);
        },
        new Shim.Settings.ShimSettings());

    [Fact]
    public void AnInvalidSignalIsRefusedAndSaysWhy() => ShimInTest.Run(
        async shim =>
        {
            TaskInTest task = new(shim, "c1");
            shim.Runtime.NextPid = Environment.ProcessId;
            await task.CreateAsync();
            await task.StartAsync();
            RpcException refusal = await Assert.ThrowsAsync<RpcException>(
                () => shim.CallAsync(TaskServices.Kill, new KillRequest { Id = "c1", Signal = 4711 }, Empty.Parser));
            Assert.Contains("EINVAL", refusal.Message, StringComparison.Ordinal);
        },
        new Shim.Settings.ShimSettings());
    [Fact]
    public void WhatKeepsAProcessFromEndingIsSaid()
    {
        Assert.Null(ProcessCondition.Of(0, null));
        Assert.Equal("it has ended and was reaped", ProcessCondition.Of(0x3ff_ffff, null));
        Assert.StartsWith("it is not a child of the shim, but of ", ProcessCondition.Of(1, null), StringComparison.Ordinal);
        int pid = Spawner.Spawn(new SpawnRequest { Path = "/bin/sleep", Arguments = ["sleep", "100"], Environment = [] });
        Assert.Null(ProcessCondition.Of(pid, null));
        ProcessSignals.Send(pid, 19);
        Assert.True(SpinWait.SpinUntil(() => ProcessCondition.Of(pid, null) == "it is stopped", 5_000));
        ProcessSignals.Send(pid, 9);
        Assert.True(SpinWait.SpinUntil(() => ProcessCondition.Of(pid, null) == "it has ended and waits to be reaped", 5_000));
        Assert.True(ChildWait.TryNext(out _));
    }
}
