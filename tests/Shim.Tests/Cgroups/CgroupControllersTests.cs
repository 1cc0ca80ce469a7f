using ShimStack.Native;
using ShimStack.Shim.Cgroups;

namespace ShimStack.Shim.Tests.Cgroups;

/// <summary>Controllers handed down from the root of version 2 to a container.</summary>
public sealed class CgroupControllersTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();

    public CgroupControllersTests()
    {
        _root.Make("pods/a/c1");
        _root.Write("cgroup.controllers", "cpu memory pids\n");
        _root.Write("cgroup.subtree_control", "cpu memory pids\n");
        _root.Write("pods/cgroup.subtree_control", "pids\n");
        _root.Write("pods/a/cgroup.subtree_control", "\n");
    }

    public void Dispose() => _root.Dispose();

    [Fact]
    public void EachLevelAboveTheContainerGetsWhatItLacks() => Assert.Equal(
        [(_root["pods/cgroup.subtree_control"], "+cpu +memory"), (_root["pods/a/cgroup.subtree_control"], "+cpu +memory +pids")],
        CgroupControllers.Missing(_root.Path, _root["pods/a/c1"]));

    [Fact]
    public void NothingIsWrittenWhereNothingIsMissing()
    {
        _root.Write("pods/cgroup.subtree_control", "pids memory cpu\n");
        _root.Write("pods/a/cgroup.subtree_control", "cpu memory pids rdma\n");
        Assert.Empty(CgroupControllers.Missing(_root.Path, _root["pods/a/c1"]));
    }

    [Theory]
    [InlineData("/r", "/r/a/b/c", "/r /r/a /r/a/b")]
    [InlineData("/r", "/r/a", "/r")]
    [InlineData("/r", "/r", "")]
    [InlineData("/r", "/rr/a", "")]
    public void TheLevelsAreThoseAboveTheContainer(string root, string directory, string levels) =>
        Assert.Equal(levels, string.Join(' ', CgroupControllers.LevelsAbove(root, directory)));

    [Fact]
    public void ALevelThatRefusesDoesNotStopTheNextAndOnlyTheLastOnesResultCounts()
    {
        string good = _root["pods/cgroup.subtree_control"];
        CgroupControllers.Write([(_root["no/such"], "+cpu"), (good, "+cpu")]);
        Assert.Equal("+cpu", File.ReadAllText(good)[..4]);

        SyscallException refusal = Assert.Throws<SyscallException>(
            () => CgroupControllers.Write([(good, "+pids"), (_root["no/such"], "+cpu")]));
        Assert.Equal(Errno.ENOENT, refusal.Errno);
        Assert.Equal("+pids", File.ReadAllText(good)[..5]);
    }

    [Fact]
    public void TheKernelTakesIt()
    {
        const string Unified = "/sys/fs/cgroup/unified";
        Privileges.RequireRoot();
        Assert.SkipUnless(
            File.Exists($"{Unified}/cgroup.controllers") && File.ReadAllText($"{Unified}/cgroup.controllers").Length > 1
                && File.ReadAllText($"{Unified}/cgroup.subtree_control").Length <= 1,
            "no cgroup2 beside version 1 with a controller that nobody uses");
        string parent = Directory.CreateDirectory($"{Unified}/shimstack-controllers-{Environment.ProcessId}").FullName;
        string child = Directory.CreateDirectory(Path.Join(parent, "c1")).FullName;
        try
        {
            CgroupControllers.Write(CgroupControllers.Missing(Unified, child));
            Assert.Equal(File.ReadAllText($"{Unified}/cgroup.controllers"), File.ReadAllText($"{child}/cgroup.controllers"));
            Assert.Empty(CgroupControllers.Missing(Unified, child));
        }
        finally
        {
            string undo = File.ReadAllText($"{Unified}/cgroup.controllers").Trim().Replace(" ", " -", StringComparison.Ordinal);
            File.WriteAllText($"{parent}/cgroup.subtree_control", "-" + undo);
            File.WriteAllText($"{Unified}/cgroup.subtree_control", "-" + undo);
            Native.Files.Files.RemoveDirectory(child);
            Native.Files.Files.RemoveDirectory(parent);
        }
    }
}
