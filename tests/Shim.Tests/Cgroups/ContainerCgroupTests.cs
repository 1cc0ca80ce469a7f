using ShimStack.Native.Mounts;
using ShimStack.Shim.Cgroups;

namespace ShimStack.Shim.Tests.Cgroups;

public class ContainerCgroupTests
{
    [Theory]
    [InlineData("0::/a/b", "=/r//a/b")]
    [InlineData("0::/", "")]
    [InlineData("", "")]
    [InlineData("broken", "")]
    [InlineData("4:memory:/a\n3:pids:/a\n0::/system.slice", "pids=/r/pids/a memory=/r/memory/a")]
    [InlineData("1:name=systemd:/x\n2:pids:/\n5:cpu,cpuacct:/a:b\n0::/", "cpu=/r/cpu,cpuacct/a:b cpuacct=/r/cpu,cpuacct/a:b")]
    [InlineData("1:name=systemd:/x\n0::/u", "=/r//u")]
    [InlineData("9:gone:/x\n8:memory:/gone\n7:pids:/x", "pids=/r/pids/x")]
    public void TheCgroupIsReadFromTheLinesOfProc(string lines, string places)
    {
        ContainerCgroup? cgroup = ContainerCgroup.FromLines(lines, (names, path) => path == "/gone" ? null : $"/r/{names}{path}");
        IEnumerable<string> found = cgroup?.ToRecord().Places.Select(static place => $"{place.Controller}={place.Directory}") ?? [];
        Assert.Equal(places, string.Join(' ', found));
    }

    [Fact]
    public void AControllerThatDoesNotCountTheContainerHasNoDirectory()
    {
        ContainerCgroup split = ContainerCgroup.Split(("pids", "/p"), ("memory", "/m"));
        Assert.Equal((false, "/p", "/m", null), (split.IsUnified, split.Directory, split.DirectoryOf("memory"), split.DirectoryOf("cpu")));
        ContainerCgroup unified = ContainerCgroup.Unified("/u");
        Assert.Equal((true, "/u", "/u"), (unified.IsUnified, unified.Directory, unified.DirectoryOf("cpu")));
    }

    [Theory]
    [InlineData("cgroup rw,cpu,cpuacct", "/", "cpu,cpuacct:/a", "/mnt/a")]
    [InlineData("cgroup rw,cpuacct,cpu", "/", "cpu,cpuacct:/a", "/mnt/a")]
    [InlineData("cgroup rw,cpuset", "/", "cpu:/a", null)]
    [InlineData("cgroup rw,pids", "/docker/x", "pids:/docker/x/a", "/mnt/a")]
    [InlineData("cgroup rw,pids", "/docker/x", "pids:/docker/x", "/mnt")]
    [InlineData("cgroup rw,pids", "/docker/x", "pids:/docker/xy", null)]
    [InlineData("cgroup2 rw", "/", ":/a", "/mnt/a")]
    [InlineData("cgroup2 rw", "/", "pids:/a", null)]
    [InlineData("tmpfs rw,pids", "/", "pids:/a", null)]
    public void AMountTellsWhereAPathIs(string mount, string root, string place, string? directory)
    {
        string[] typeAndOptions = mount.Split(' ');
        string[] controllersAndPath = place.Split(':');
        MountEntry entry = new(1, 0, root, "/mnt", typeAndOptions[0], "none", typeAndOptions[1]);
        Assert.Equal(directory, CgroupMounts.Below(entry, controllersAndPath[0], controllersAndPath[1]));
    }

    [Fact]
    public void ThePidsOfACgroupAreThoseOfAllBelowIt()
    {
        using TemporaryDirectory root = new();
        root.Write("cgroup.procs", "1\n2\n");
        root.Make("child");
        root.Write("child/cgroup.procs", "3\n");
        Assert.Equal([1, 2, 3], ContainerCgroup.Unified(root.Path).Pids());
        Assert.Empty(ContainerCgroup.Unified(root["gone"]).Pids());
    }

    [Fact]
    public void AProcessThatIsGoneHasNone() => Assert.Null(ContainerCgroup.Of(int.MaxValue));

    [Fact]
    public void ARecordTellsAllOfIt()
    {
        using TemporaryDirectory folder = new();
        folder.Write("memory.oom_control", "oom_kill 2\n");
        ContainerCgroup cgroup = ContainerCgroup.Split(("pids", "/p"), ("memory", folder.Path));
        cgroup.Oom.Look();
        ContainerCgroup? again = ContainerCgroup.From(cgroup.ToRecord());
        Assert.Equal(cgroup.ToRecord(), again?.ToRecord());
        Assert.Equal(2ul, again?.Oom.Kills);
        Assert.Null(ContainerCgroup.From(null));
    }
}
