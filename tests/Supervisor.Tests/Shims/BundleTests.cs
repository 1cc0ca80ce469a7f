using ShimStack.Native;
using ShimStack.Supervisor.Shims;

namespace ShimStack.Supervisor.Tests.Shims;

public sealed class BundleTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("shimstackd-").FullName;

    private Bundle Bundle => new("ns", "c1", Path.Join(_directory, "state/ns/c1"), Path.Join(_directory, "root/ns/c1"));

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void ItHasWhatAShimExpects()
    {
        Bundle.Create("""{"ociVersion":"1.0.2"}"""u8, [], isRestart: false);
        Assert.Equal(
            ["config.json", "create-request", "log", "rootfs", "work"], Directory.GetFileSystemEntries(Bundle.Path).Select(path => Path.GetFileName(path)!).Order());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Bundle.Path));
        Assert.Equal(Bundle.Work, new FileInfo(Bundle.Path + "/work").LinkTarget);
        Assert.Equal("""{"ociVersion":"1.0.2"}""", File.ReadAllText(Bundle.Path + "/config.json"));
    }

    [Fact]
    public void ItKnowsWhenItWasMade()
    {
        DateTimeOffset before = DateTimeOffset.UtcNow.AddMilliseconds(-20); // the clock of files ticks more slowly
        Bundle.Create("{}"u8, [], isRestart: false);
        Assert.InRange(Bundle.MadeAt, before, DateTimeOffset.UtcNow);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ItTellsHowItWasAskedForAndByWhom(bool isRestart)
    {
        Bundle.Create("{}"u8, [1, 2, 3], isRestart);
        Assert.Equal([1, 2, 3], Bundle.ReadRequest());
        Assert.Equal(isRestart, Bundle.IsRestart);
    }

    [Theory]
    [InlineData("state")]
    [InlineData("state/ns")]
    [InlineData("root")]
    [InlineData("root/ns")]
    public void NobodyElseCanListTheFoldersAboveIt(string folder)
    {
        Bundle.Create("{}"u8, [], isRestart: false);
        const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        Assert.Equal(Passable, File.GetUnixFileMode(Path.Join(_directory, folder)));
    }

    [Fact]
    public void ASecondOneOfTheSameIdIsRefusedAndTheFirstStays()
    {
        Bundle.Create("{}"u8, [], isRestart: false);
        SyscallException refused = Assert.Throws<SyscallException>(() => Bundle.Create("{ }"u8, [], isRestart: false));
        Assert.Equal(Errno.EEXIST, refused.Errno);
        Assert.Equal("{}", File.ReadAllText(Bundle.Path + "/config.json"));
    }

    [Fact]
    public void HowItsShimIsFoundIsReadBack()
    {
        Bundle.Create("{}"u8, [], isRestart: false);
        Assert.Null(Bundle.ReadBinary());
        Assert.Null(Bundle.ReadAddress());
        ShimAddress address = new(2, "unix:///run/s/1", "ttrpc");
        Bundle.Record("/usr/bin/containerd-shim-x-v2", address);
        Assert.Equal("/usr/bin/containerd-shim-x-v2", Bundle.ReadBinary());
        Assert.Equal(address, Bundle.ReadAddress());
    }

    [Fact]
    public void NothingOfItStays()
    {
        Bundle.Create("{}"u8, [], isRestart: false);
        Bundle.Delete();
        Bundle.Delete();
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(Bundle.Path)!));
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(Bundle.Work)!));
    }

    [Fact]
    public void WhatLiesInItsRootIsNotThrownAway()
    {
        Bundle.Create("{}"u8, [], isRestart: false);
        File.WriteAllText(Bundle.Path + "/rootfs/data", "somebody's");
        SyscallException refused = Assert.Throws<SyscallException>(Bundle.Delete);
        Assert.Equal(Errno.ENOTEMPTY, refused.Errno);
        Assert.Equal("somebody's", File.ReadAllText(Bundle.Path + "/rootfs/data"));
    }

    [Fact]
    public void TheGroupOfAMappedRootMayPass()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root gives files away");
        Bundle.Create("""{"linux":{"gidMappings":[{"containerID":0,"hostID":1234,"size":10}]}}"""u8, [], isRestart: false);
        Assert.Equal(1234u, Native.Files.Files.Status(Bundle.Path).Gid);
        Assert.Equal(0x1c8, Native.Files.Files.Status(Bundle.Path).Mode);
    }
}
