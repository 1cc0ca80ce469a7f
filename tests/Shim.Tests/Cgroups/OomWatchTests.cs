using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Cgroups;
using ShimStack.Shim.Tests.Loop;

namespace ShimStack.Shim.Tests.Cgroups;

/// <summary>Notices of the kernel, and what is made of them.</summary>
[Collection(OneProcessAtATime.Name)]
public sealed class OomWatchTests
{
    [Fact]
    public void ACounterTellsOfAnIncreaseOnce()
    {
        using TemporaryDirectory folder = new();
        OomCounter counter = new(folder.Path, OomCounter.FileV2, default);
        Assert.Equal(OomLook.Gone, counter.Look());
        folder.Write("memory.events", "oom 0\noom_kill 0\n");
        Assert.Equal(OomLook.Same, counter.Look());
        folder.Write("memory.events", "oom 3\noom_kill 2\n");
        Assert.Equal((OomLook.More, OomLook.Same, 2ul), (counter.Look(), counter.Look(), counter.Kills));
        folder.Write("memory.events", "oom 4\n");
        Assert.Equal(OomLook.NotCounted, counter.Look());
        File.Delete(folder["memory.events"]);
        Assert.Equal((OomLook.Gone, "oom 4\n"), (counter.Look(), System.Text.Encoding.UTF8.GetString(counter.Seen.Span)));
    }

    [Fact]
    public void AFileOfVersion2IsLookedAtWhenItChanges() => LoopTest.Run(async loop =>
    {
        using TemporaryDirectory folder = new();
        string path = folder.Write("memory.events", "oom_kill 0\n");
        MemoryEventFiles files = new(loop);
        int kills = 0;
        using OomWatch watch = new(new OomCounter(folder.Path, OomCounter.FileV2, default), () => kills++);
        watch.Start(look => files.Watch(path, look));
        Assert.Equal(0, kills);

        folder.Write("memory.events", "oom_kill 1\n");
        await LoopTest.UntilAsync(() => kills == 1);
        folder.Write("memory.events", "oom_kill 1\n");
        await LoopTest.TurnAsync();
        Assert.Equal(1, kills);
        folder.Write("memory.events", "oom_kill 2\n");
        watch.End();
        Assert.Equal(2, kills);
        folder.Write("memory.events", "oom_kill 3\n");
        await LoopTest.TurnAsync();
        Assert.Equal(2, kills);
    });

    [Fact]
    public void TwoContainersOfOneCgroupBothHear() => LoopTest.Run(async loop =>
    {
        using TemporaryDirectory folder = new();
        string path = folder.Write("memory.events", "oom_kill 0\n");
        MemoryEventFiles files = new(loop);
        List<string> heard = [];
        OomWatch first = new(new OomCounter(folder.Path, OomCounter.FileV2, default), () => heard.Add("first"));
        using OomWatch second = new(new OomCounter(folder.Path, OomCounter.FileV2, default), () => heard.Add("second"));
        first.Start(look => files.Watch(path, look));
        second.Start(look => files.Watch(path, look));
        first.Dispose();

        folder.Write("memory.events", "oom_kill 1\n");
        await LoopTest.UntilAsync(() => heard.Count > 0);
        Assert.Equal(["second"], heard);
    });

    [Fact]
    public void WhatCannotBeWatchedSaysWhyAndLeavesNothing() => LoopTest.Run(loop =>
    {
        using TemporaryDirectory folder = new();
        int before = Descriptors();
        MemoryEventFiles files = new(loop);
        Assert.Equal(Errno.ENOENT, Assert.Throws<SyscallException>(() => files.Watch(folder["memory.events"], () => OomLook.Gone)).Errno);
        SyscallException refusal = Assert.Throws<SyscallException>(() => new OomEventDescriptor(loop, folder.Path, () => OomLook.Gone));
        Assert.Equal(Errno.ENOENT, refusal.Errno);
        Assert.Equal(before, Descriptors());
        return Task.CompletedTask;
    });

    [Fact]
    public void TheKernelsNoticeOfVersion1LeadsToTheKillThatFollowsIt() => LoopTest.Run(async loop =>
    {
        using MemoryCgroup cgroup = MemoryCgroup.Make("16M");
        int kills = 0;
        OomCounter counter = new(cgroup.Directory, OomCounter.FileV1, default);
        using OomWatch watch = new(counter, () => kills++);
        watch.Start(look => new OomEventDescriptor(loop, cgroup.Directory, look));
        for (int round = 1; round <= 3; round++)
        {
            int child = cgroup.Spawn("tail /dev/zero");
            await LoopTest.UntilAsync(() => kills == round);
            Assert.Equal(128 + (int)Signal.SIGKILL, ChildProcess.WaitForExit(child, TimeSpan.FromSeconds(10)));
            watch.Look();
            Assert.Equal((round, (ulong)round), (kills, counter.Kills));
        }
    });

    [Fact]
    public void AfterANoticeOfVersion1TheCounterIsLookedAtAgain() => LoopTest.Run(async loop =>
    {
        using MemoryCgroup cgroup = MemoryCgroup.Make("16M");
        int looks = 0;
        using OomEventDescriptor notices = new(loop, cgroup.Directory, () => ++looks < 4 ? OomLook.Same : OomLook.Gone);
        int child = cgroup.Spawn("tail /dev/zero");
        await LoopTest.UntilAsync(() => looks == 4);
        ChildProcess.WaitForExit(child, TimeSpan.FromSeconds(10));
    });

    private static int Descriptors() => Directory.GetFiles("/proc/self/fd").Length;

    /// <summary>A memory cgroup of version 1 with a limit.</summary>
    private sealed class MemoryCgroup : IDisposable
    {
        private MemoryCgroup(string directory) => Directory = directory;

        public string Directory { get; }

        public static MemoryCgroup Make(string limit)
        {
            Privileges.RequireRoot();
            Assert.SkipUnless(File.Exists("/sys/fs/cgroup/memory/memory.oom_control"), "the memory controller is not one of version 1");
            string directory = $"/sys/fs/cgroup/memory/shimstack-oom-{Environment.ProcessId}";
            Files.MakeDirectory(directory, 0x1ED);
            File.WriteAllText($"{directory}/memory.limit_in_bytes", limit);
            return new MemoryCgroup(directory);
        }

        public int Spawn(string command) => Spawner.Spawn(new SpawnRequest
        {
            Path = "/bin/sh",
            Arguments = ["sh", "-c", $"echo $$ > {Directory}/cgroup.procs && exec {command}"],
            Environment = [],
            DieWithParent = true,
        });

        public void Dispose() => Files.RemoveDirectory(Directory);
    }
}
