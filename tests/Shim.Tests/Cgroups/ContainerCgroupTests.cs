using ShimStack.Shim.Tasks;

namespace ShimStack.Shim.Tests.Tasks;

public class ContainerCgroupTests
{
    [Theory]
    [InlineData("0::/a/b", "/sys/fs/cgroup/a/b")]
    [InlineData("0::/", null)]
    [InlineData("", null)]
    [InlineData("broken", null)]
    [InlineData("4:memory:/a\n3:pids:/a\n0::/system.slice", "/sys/fs/cgroup/memory/a")]
    [InlineData("1:name=systemd:/x\n2:pids:/\n5:cpu,cpuacct:/a:b\n0::/", "/sys/fs/cgroup/cpu,cpuacct/a:b")]
    [InlineData("1:name=systemd:/x\n0::/u", "/sys/fs/cgroup/u")]
    public void TheCgroupIsReadFromTheLinesOfProc(string lines, string? directory) =>
        Assert.Equal(directory, ContainerCgroup.FromLines(lines.Split('\n')));

    [Fact]
    public void ThePidsOfACgroupAreThoseOfAllBelowIt()
    {
        using TemporaryDirectory root = new();
        root.Write("cgroup.procs", "1\n2\n");
        root.Make("child");
        root.Write("child/cgroup.procs", "3\n");
        Assert.Equal([1, 2, 3], new ContainerCgroup(root.Path).Pids());
        Assert.Empty(new ContainerCgroup(root["gone"]).Pids());
    }

    [Fact]
    public void AProcessThatIsGoneHasNone() => Assert.Null(ContainerCgroup.Of(int.MaxValue));
}
