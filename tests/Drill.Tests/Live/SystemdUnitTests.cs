using ShimStack.Drill.Live;

namespace ShimStack.Drill.Tests.Live;

/// <summary>What /proc/PID/cgroup says of a daemon on machines of all kinds.</summary>
public sealed class SystemdUnitTests
{
    [Theory]
    [InlineData("0::/system.slice/containerd.service\n", "containerd.service")]
    [InlineData("0::/system.slice/docker.service/init\n", "docker.service")]
    [InlineData("0::/system.slice/system-containerd.slice/containerd@1.service\n", "containerd@1.service")]
    [InlineData("12:pids:/system.slice/containerd.service\n1:name=systemd:/system.slice/containerd.service\n0::/system.slice/containerd.service\n", "containerd.service")]
    [InlineData("9:name=systemd:/\n8:pids:/other.service\n0::/system.slice/a.service\n", "a.service")]
    [InlineData("5:memory:/x.service\n9:name=systemd:/system.slice/b.service\n", "b.service")]
    [InlineData("0::/user.slice/user-0.slice/session-3.scope\n", null)]
    [InlineData("0::/user.slice/user-1000.slice/user@1000.service/app.slice/containerd.service\n", null)]
    [InlineData("0::/kubepods.slice/kubepods-pod1.slice/cri-1.scope\n", null)]
    [InlineData("0::/\n", null)]
    [InlineData("", null)]
    public void TheServiceIsThatOfTheMachinesSystemd(string cgroups, string? unit) => Assert.Equal(unit, SystemdUnit.Of(cgroups));
}
