using ShimStack.Ctl.Kernel;
using ShimStack.Ctl.Shims;
using ShimStack.Ctl.Tests.Kernel;

namespace ShimStack.Ctl.Tests.Shims;

public sealed class ShimAddressesTests
{
    [Fact]
    public void TheParentOfAContainerLeadsToItsShim()
    {
        using KernelTree tree = new KernelTree().WithProcess(5, 1, "/x/shim", "-namespace", "ns", "-id", "pod").WithProcess(7, 5, "sh")
            .WithLink("/proc/5/cwd", "/b").With("/b/address", "unix:///run/s/1");
        Assert.Equal("/run/s/1", ShimAddresses.Find(tree.Files, DaemonFolders.Default, "ns", "c", 7));
        Assert.Null(ShimAddresses.Find(tree.Files, DaemonFolders.Default, "other", "c", 7));
    }

    [Fact]
    public void TheBundleLeadsThereWhenTheContainerHasEnded()
    {
        using KernelTree tree = new KernelTree().With("/run/shimstack/io.containerd.runtime.v2.task/ns/c/bootstrap.json", """{"version":3,"address":"unix:///run/s/2"}""");
        Assert.Equal("/run/s/2", ShimAddresses.Find(tree.Files, DaemonFolders.Default, "ns", "c", 0));
    }

    [Fact]
    public void ACommandLineLeadsThereWhenNothingElseDoes()
    {
        using KernelTree tree = new KernelTree().WithProcess(5, 1, "/x/shim", "-namespace", "ns", "-id", "c").WithLink("/proc/5/cwd", "/b").With("/b/address", "unix:///run/s/3");
        Assert.Equal("/run/s/3", ShimAddresses.Find(tree.Files, DaemonFolders.Default, "ns", "c", 0));
        Assert.Null(ShimAddresses.Find(tree.Files, DaemonFolders.Default, "ns", "d", 0));
    }

    [Theory, InlineData("{"), InlineData("{}"), InlineData("[]"), InlineData("""{"address":1}"""), InlineData("""{"address":"vsock://1"}""")]
    public void ADocumentThatIsCutShortLeadsNowhere(string document)
    {
        using KernelTree tree = new KernelTree().With("/b/bootstrap.json", document);
        Assert.Null(ShimAddresses.SocketOf(tree.Files, "/b"));
    }
}
