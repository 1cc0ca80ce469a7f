using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Pipes;
using ShimStack.Native.Processes;
using ShimStack.Shim.Loop;
using ShimStack.Shim.Reaping;

namespace ShimStack.Shim.Tests.Reaping;

/// <summary>Ends of processes that are somebody else's children.</summary>
[Collection(OneProcessAtATime.Name)]
public class StrangersTests
{
    [Theory]
    [InlineData("exit 7", 7, 0)]
    [InlineData("kill -9 $$", 137, 9)]
    public void TheKernelTellsHowAStrangerHasEnded(string end, int status, int signal)
    {
        Assert.SkipUnless(Environment.OSVersion.Version >= new Version(6, 15), "the kernel does not keep that before 6.15");
        using EventLoop loop = new();
        ReapedExit exit = loop.Run(async () =>
        {
            Reaper reaper = new(loop.Timers);
            (int pid, FileDescriptor gate) = Grandchild(end);
            Task<ReapedExit> ended = reaper.ExitOf(pid);
            new Strangers(loop, reaper, NullLogger.Instance).Follow(pid, ProcessStat.TryRead(pid)!.Value.StartTime);
            Assert.False(ended.IsCompleted);
            gate.Dispose();
            return await ended.WaitAsync(TimeSpan.FromSeconds(10), loop.Timers);
        });
        Assert.Equal((status, signal), (exit.Status, exit.Signal));
        while (ChildWait.TryNext(out _))
        {
        }
    }

    [Fact]
    public async Task WhatTheKernelSaysCountsThoughAllIsToldBeforeItIsHeard()
    {
        Assert.SkipUnless(Environment.OSVersion.Version >= new Version(6, 15), "the kernel does not keep that before 6.15");
        using EventLoop loop = new();
        Reaper reaper = new(loop.Timers);
        (int pid, FileDescriptor gate) = Grandchild("exit 7");
        Task<ReapedExit> ended = reaper.ExitOf(pid);
        Strangers strangers = new(loop, reaper, NullLogger.Instance);
        strangers.Follow(pid, ProcessStat.TryRead(pid)!.Value.StartTime);
        gate.Dispose();
        Assert.True(SpinWait.SpinUntil(() => ProcessStat.TryRead(pid) is null, TimeSpan.FromSeconds(10)), "it was not reaped");
        strangers.AllIsTold(); // the loop has not turned: nobody has been called
        Assert.True(ended.IsCompleted);
        Assert.Equal(7, (await ended).Status);
        while (ChildWait.TryNext(out _))
        {
        }
    }

    [Fact]
    public async Task WhoWasReapedBeforeAnybodyLookedIsToldByTheDaemonOrUnknown()
    {
        using EventLoop loop = new();
        Reaper reaper = new(loop.Timers);
        const int NoProcess = 0x3ff_ffff;
        Task<ReapedExit> first = reaper.ExitOf(NoProcess);
        Task<ReapedExit> second = reaper.ExitOf(NoProcess - 1);
        Strangers strangers = new(loop, reaper, NullLogger.Instance);
        strangers.Follow(NoProcess, 1);
        strangers.Follow(NoProcess - 1, 1);
        Assert.False(first.IsCompleted);
        strangers.Told(new ReapedExit(NoProcess, 5, DateTimeOffset.UnixEpoch));
        Assert.Equal(5, (await first).Status);
        Assert.False(second.IsCompleted);
        strangers.AllIsTold();
        Assert.Equal(255, (await second).Status);
    }

    // Waits until the gate closes; its parent, a shell, reaps it.
    private static (int Pid, FileDescriptor Gate) Grandchild(string end)
    {
        PipePair gate = Pipe.Create();
        PipePair told = Pipe.Create();
        using FileDescriptor answer = told.ReadEnd;
        using (gate.ReadEnd)
        using (told.WriteEnd)
        {
            string script = $"sh -c 'echo $$ >&4; exec 4>&-; read x <&3; {end}' & exec 3<&- 4>&-; wait; exit 0";
            Spawner.Spawn(new SpawnRequest
            {
                Path = "/bin/sh",
                Arguments = ["sh", "-c", script],
                Environment = [],
                Descriptors = [new(gate.ReadEnd, 3), new(told.WriteEnd, 4)],
            });
        }

        byte[] buffer = new byte[20];
        IoResult read = Files.Read(answer, buffer);
        return (int.Parse(Encoding.ASCII.GetString(buffer, 0, read.Count), CultureInfo.InvariantCulture), gate.WriteEnd);
    }
}
