using ShimStack.Native.Mounts;

namespace ShimStack.NativeTests;

public sealed class MountTests : IDisposable
{
    private const int CLONE_NEWNS = 0x20000;
    private const long TmpfsMagic = 0x01021994;

    private readonly TempDirectory _directory = new();

    public MountTests()
    {
        Files.MakeDirectory(_directory["a b"], 0x1ed);
        Files.MakeDirectory(_directory["shifted"], 0x1ed);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void WhatIsMountedIsInTheTableUntilItIsUnmounted() => InPrivateNamespace(() =>
    {
        MountPoint.Mount("a source", _directory["a b"], "tmpfs", MountFlags.MS_NOSUID | MountFlags.MS_NODEV, "size=64k");
        MountEntry entry = Assert.Single(MountTable.Read(), entry => entry.MountPoint == _directory["a b"]);
        Assert.Equal(("tmpfs", "a source", "/"), (entry.FileSystemType, entry.Source, entry.Root));
        Assert.Contains("nosuid", entry.Options.Split(','));
        Assert.Contains("size=64k", entry.Options.Split(','));
        Assert.True(MountPoint.TryUnmount(_directory["a b"], UnmountFlags.UMOUNT_NOFOLLOW, out Errno errno));
        Assert.Equal(Errno.None, errno);
        Assert.DoesNotContain(MountTable.Read(), entry => entry.MountPoint == _directory["a b"]);
    });

    [Fact]
    public void FailuresHaveTheirReason() => InPrivateNamespace(() =>
    {
        Assert.False(MountPoint.TryUnmount(_directory["a b"], UnmountFlags.None, out Errno errno));
        Assert.Equal(Errno.EINVAL, errno);
        SyscallException failure = Assert.Throws<SyscallException>(
            () => MountPoint.Mount("x", _directory["a b"], "nosuchfs", MountFlags.None, null));
        Assert.Equal($"mount {_directory["a b"]}: No such device (ENODEV)", failure.Message);
        MountPoint.Mount("x", _directory["a b"], "tmpfs", MountFlags.None, null);
        using (Files.Open(_directory["a b"], OpenFlags.O_DIRECTORY))
        {
            Assert.False(MountPoint.TryUnmount(_directory["a b"], UnmountFlags.None, out errno));
            Assert.Equal(Errno.EBUSY, errno);
        }

        Assert.True(MountPoint.TryUnmount(_directory["a b"], UnmountFlags.MNT_DETACH, out _));
    });

    [Fact]
    public void TheFileSystemTellsItsTypeAndItsFlags() => InPrivateNamespace(() =>
    {
        const MountFlags Flags = MountFlags.MS_NOSUID | MountFlags.MS_NODEV | MountFlags.MS_NOEXEC | MountFlags.MS_NODIRATIME;
        MountPoint.Mount("x", _directory["a b"], "tmpfs", Flags | MountFlags.MS_NOATIME, null);
        Assert.Equal(TmpfsMagic, FileSystem.TypeOf(_directory["a b"]));
        Assert.Equal(Flags | MountFlags.MS_NOATIME, FileSystem.LockedFlagsOf(_directory["a b"]));
        const MountFlags Others = MountFlags.MS_RDONLY | MountFlags.MS_RELATIME;
        MountPoint.Mount("x", _directory["a b"], "", MountFlags.MS_REMOUNT | MountFlags.MS_BIND | Others, null);
        Assert.Equal(Others, FileSystem.LockedFlagsOf(_directory["a b"]));
    });

    [Fact]
    public void AnIdmappedMountShowsShiftedOwners() => InPrivateNamespace(() =>
    {
        MountPoint.Mount("x", _directory["a b"], "tmpfs", MountFlags.None, null);
        Files.MakeDirectory(_directory["a b/root"], 0x1ed);
        Files.MakeDirectory(_directory["a b/other"], 0x1ed);
        Files.SetOwner(_directory["a b/other"], 5, 6);
        using FileDescriptor space = IdmappedMounts.CreateUserNamespace([new(0, 100_000, 10)], [new(0, 200_000, 3), new(3, 300_000, 10)]);
        using FileDescriptor tree = IdmappedMounts.OpenTree(_directory["a b"], clone: true, recursive: false);
        IdmappedMounts.SetIdMapping(tree, space);
        IdmappedMounts.MoveMount(tree, _directory["shifted"]);
        Assert.Equal((100_000u, 200_000u), OwnerOf("shifted/root"));
        Assert.Equal((100_005u, 300_003u), OwnerOf("shifted/other"));
        Assert.Equal((5u, 6u), OwnerOf("a b/other"));
    });

    [Fact]
    public void MapsThatOverlapAreRefused()
    {
        SyscallException failure = Assert.Throws<SyscallException>(
            () => IdmappedMounts.CreateUserNamespace([new(0, 0, 10), new(5, 100, 10)], [new(0, 0, 1)]));
        Assert.Equal(("uid_map", Errno.EINVAL), (failure.Call, failure.Errno));
    }

    [Fact]
    public void MakingAUserNamespaceIsNoBusinessOfTheReaper() =>
        Scenarios.RunInProcess(ProcessScenarios.LeavesTheReaperAloneWhileMakingANamespace);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AFileBecomesABlockDevice(bool readOnly)
    {
        Assert.SkipWhen(Files.TryStatus("/dev/loop-control") is null, "the kernel has no loop devices");
        byte[] content = new byte[64 * 1024];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(_directory["image"], content);
        using FileDescriptor device = LoopDevice.Attach(_directory["image"], readOnly, directIo: false, out string path);
        byte[] read = new byte[4096];
        Assert.Equal(read.Length, Files.Read(device, read).Count);
        Assert.Equal(content[..read.Length], read);
        string settings = $"/sys/block/{Path.GetFileName(path)}";
        Assert.Equal(_directory["image"], File.ReadAllText($"{settings}/loop/backing_file").TrimEnd());
        Assert.Equal("1", File.ReadAllText($"{settings}/loop/autoclear").TrimEnd());
        Assert.Equal(readOnly ? "1" : "0", File.ReadAllText($"{settings}/ro").TrimEnd());
    }

    private (uint Uid, uint Gid) OwnerOf(string name)
    {
        FileStatus status = Files.Status(_directory[name]);
        return (status.Uid, status.Gid);
    }

    /// <summary>The namespace, and all that is mounted in it, ends with the thread.</summary>
    private static void InPrivateNamespace(Action action) => SignalDescriptorTests.OnOwnThread(() =>
    {
        Assert.Equal(0, LinuxCalls.unshare(CLONE_NEWNS));
        MountPoint.Mount("none", "/", "", MountFlags.MS_REC | MountFlags.MS_PRIVATE, null);
        action();
    });
}
