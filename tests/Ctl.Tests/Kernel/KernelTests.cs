using ShimStack.Ctl.Kernel;

namespace ShimStack.Ctl.Tests.Kernel;

public sealed class KernelTests
{
    private const string V1 = "cgroup /cg/memory cgroup rw,memory 0 0\ncgroup /cg/freezer cgroup rw,freezer 0 0\n";
    private const string V2 = "cgroup2 /cg/unified cgroup2 rw,nsdelegate 0 0\n";

    [Theory, InlineData(V1 + V2, "hybrid"), InlineData(V1, "v1"), InlineData(V2, "v2"), InlineData("proc /proc proc rw 0 0\n", "none")]
    public void CgroupsAreToldByTheirMounts(string mounts, string mode)
    {
        using KernelTree tree = new KernelTree().With("/proc/self/mounts", mounts);
        Assert.Equal(mode, CgroupMounts.Read(tree.Files).Mode);
    }

    [Fact]
    public void AProcessIsCountedWhereItsControllerIs()
    {
        using KernelTree tree = new KernelTree().With("/proc/self/mounts", V1 + V2).With("/proc/stat", "btime 1000\n").With("/proc/uptime", "100.0 50.0\n")
            .WithProcess(7, 3, "sh").With("/proc/7/cgroup", "5:memory:/ns/a\n4:freezer:/ns/a\n0::/\n").With("/proc/7/status", "Name:\tsh\nVmRSS:\t   12 kB\n")
            .With("/cg/memory/ns/a/memory.usage_in_bytes", "4096\n").With("/cg/memory/ns/a/cgroup.procs", "7\n8\n").With("/cg/freezer/ns/a/freezer.state", "FROZEN\n");
        KernelProcess process = KernelProcess.TryRead(tree.Files, 7)!;
        Assert.Equal((3, "paused", "/ns/a", 2, 4096ul, 12ul * 1024), (process.Parent, process.StateName, process.Cgroup, process.CgroupProcesses, process.CgroupMemory, process.Resident));
    }

    [Fact]
    public void WithVersionTwoAloneOneFolderHasAll()
    {
        using KernelTree tree = new KernelTree().With("/proc/self/mounts", V2).WithProcess(7, 3, "sh").With("/proc/7/cgroup", "0::/ns/a\n")
            .With("/cg/unified/ns/a/cgroup.events", "populated 1\nfrozen 0\n").With("/cg/unified/ns/a/memory.current", "8192\n");
        KernelProcess process = KernelProcess.TryRead(tree.Files, 7)!;
        Assert.Equal(("running", 8192ul), (process.StateName, process.CgroupMemory));
    }

    [Fact]
    public void WhatIsNotThereIsNotMadeUp()
    {
        using KernelTree tree = new KernelTree().WithProcess(7, 3, "sh");
        Assert.Null(KernelProcess.TryRead(tree.Files, 8));
        KernelProcess process = KernelProcess.TryRead(tree.Files, 7)!;
        Assert.Equal((null, null, null, null), (process.Cgroup, process.CgroupMemory, process.Descriptors, process.StartedAt));
    }

    [Theory]
    [InlineData("shimstackd\0--state\0/s\0--root=/r", "/s", "/r")]
    [InlineData("shimstackd\0--config\0/c.toml", "/from/file", "/var/lib/shimstack")]
    [InlineData("shimstackd", "/run/shimstack", "/var/lib/shimstack")]
    public void FoldersOfADaemonAreThoseOfItsCommandLineOrItsFile(string words, string state, string root)
    {
        using KernelTree tree = new KernelTree().WithProcess(9, 1, words.Split('\0')).With("/c.toml", "# state = \"/no\"\nstate = \"/from/file\" # yes\n");
        Assert.Equal(new DaemonFolders(state, root), DaemonFolders.Of(tree.Files, 9));
    }

    [Theory]
    [InlineData("# address = \"/no\"\naddress = \"/srv/daemon.sock\" # yes\n", "/srv/daemon.sock")]
    [InlineData("address='/srv/daemon.sock'", "/srv/daemon.sock")]
    [InlineData("#address = \"/no\"\nmetrics-address = \"/no\"\n[runtimes]\naddress = \"/no\"\n", DaemonAddress.Default)]
    [InlineData(null, DaemonAddress.Default)]
    public void TheDaemonIsWhereItsFileSays(string? file, string address)
    {
        using KernelTree tree = file is null ? new KernelTree() : new KernelTree().With(DaemonFolders.DefaultFile, file);
        Assert.Equal(address, DaemonAddress.Of(tree.Files));
    }
}
