using ShimStack.Ctl.Kernel;
using ShimStack.Ctl.Views;

namespace ShimStack.Ctl.Tests.Views;

public sealed class ViewRowsTests
{
    private static readonly DaemonView Daemon = new() { Pid = 7, State = "running", Cgroup = "/ns/a" };
    private static readonly ShimView Shim = new() { Pid = 7, ShimPid = 5, State = "running" };
    private static readonly KernelView Kernel = new() { Process = new KernelProcess { Pid = 7, State = 'S', Parent = 5, Cgroup = "/above/ns/a" } };

    [Fact]
    public void ThoseWhoAgreeDoNotDiffer() => Assert.Equal("", Differing(new(Daemon, Shim, Kernel)));

    [Fact]
    public void AContainerThatHasEndedIsGoneForTheKernel()
    {
        DaemonView daemon = Daemon with { State = "stopped", ExitStatus = 3 };
        ShimView shim = Shim with { State = "stopped", ExitStatus = 3 };
        Assert.Equal("", Differing(new(daemon, shim, new KernelView())));
        Assert.Equal("exit status", Differing(new(daemon, shim with { ExitStatus = 4 }, new KernelView())));
    }

    [Fact]
    public void AProcessThatIsGoneWhileItsDaemonTakesItToRunIsADifference() => Assert.Equal("state", Differing(new(Daemon, Shim, new KernelView())));

    [Fact]
    public void AContainerThatIsNotStartedRunsForTheKernel() =>
        Assert.Equal("", Differing(new(Daemon with { State = "created" }, Shim with { State = "created" }, Kernel)));

    [Fact]
    public void AnotherParentAnotherPidAnotherCgroupAreDifferences()
    {
        Assert.Equal("shim's pid", Differing(new(Daemon, Shim with { ShimPid = 6 }, Kernel)));
        Assert.Equal("pid", Differing(new(Daemon with { Pid = 8 }, Shim, Kernel)));
        Assert.Equal("cgroup", Differing(new(Daemon with { Cgroup = "/ns/b" }, Shim, Kernel)));
    }

    [Fact]
    public void ASystemdNameIsNoPath() => Assert.Equal("", Differing(new(Daemon with { Cgroup = "system.slice:cri:a" }, Shim, Kernel)));

    [Fact]
    public void WhatWasNotSeenIsNotMadeUp()
    {
        ContainerViews views = new(Daemon, new ShimView { NotSeen = "it is away" }, new KernelView { NotSeen = "it is elsewhere" });
        Assert.Equal("", Differing(views));
        Assert.Equal(["shim: not seen, because it is away", "kernel: not seen, because it is elsewhere"], ViewText.Sentences(views));
        Assert.Matches("(?m)^pid +7 +\\? +\\?$", ViewText.Table(views).ToText(width: null, colours: false));
    }

    private static string Differing(ContainerViews views) => string.Join(',', ViewRows.Of(views).Where(row => row.Differs).Select(row => row.Name));
}
