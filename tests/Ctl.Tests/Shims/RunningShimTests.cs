using ShimStack.Ctl.Shims;
using ShimStack.Ctl.Tests.Kernel;

namespace ShimStack.Ctl.Tests.Shims;

public sealed class RunningShimTests
{
    [Fact]
    public void TheShimsOfADaemonAreFoundByTheirCommandLines()
    {
        using KernelTree tree = Tree();
        Assert.Equal(
            [new RunningShim(5, "a", "pod", "/t/a/pod", "/run/s/1"), new RunningShim(6, "b", "c", "/t/b/c", "/run/s/2")],
            RunningShim.Of(tree.Files, "/daemon"));
    }

    [Fact]
    public void AContainerOfAPodLeadsToTheShimOfThePod()
    {
        using KernelTree tree = Tree().With("/t/a/member/bootstrap.json", """{"version":3,"address":"unix:///run/s/1"}""").With("/t/a/gone/address", "unix:///run/s/9");
        RunningShim[] shims = [.. RunningShim.Of(tree.Files, "/daemon")];
        Assert.Equal(5, RunningShim.Find(tree.Files, shims, "a", "pod")?.Pid);
        Assert.Equal(5, RunningShim.Find(tree.Files, shims, "a", "member")?.Pid);
        Assert.Null(RunningShim.Find(tree.Files, shims, "a", "gone"));
        Assert.Null(RunningShim.Find(tree.Files, shims, "b", "pod"));
    }

    private static KernelTree Tree() => new KernelTree()
        .WithProcess(5, 1, "/x/shim", "-namespace", "a", "-id", "pod", "-address", "/daemon").WithLink("/proc/5/cwd", "/t/a/pod").With("/t/a/pod/address", "unix:///run/s/1")
        .WithProcess(6, 1, "/x/shim", "-namespace", "b", "-id", "c", "-address", "/daemon").WithLink("/proc/6/cwd", "/t/b/c").With("/t/b/c/address", "unix:///run/s/2")
        .WithProcess(7, 1, "/x/shim", "-namespace", "a", "-id", "d", "-address", "/other").WithLink("/proc/7/cwd", "/t/a/pod")
        .WithProcess(8, 1, "/x/shim", "-namespace", "a", "-id", "pod", "-address", "/daemon", "start").WithLink("/proc/8/cwd", "/t/a/pod")
        .WithProcess(9, 1, "/x/shim", "-namespace", "a", "-id", "e", "-address", "/daemon").WithLink("/proc/9/cwd", "/nothing/there");
}
