using ShimStack.Api.Types;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Rootfs;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tests.Rootfs;

public sealed class RootfsMountsTests : IDisposable
{
    private readonly MountDirectory _directory;

    public RootfsMountsTests()
    {
        Privileges.RequireRoot();
        _directory = new MountDirectory();
    }

    private string Rootfs => _directory["rootfs"];

    public void Dispose() => _directory?.Dispose();

    [Fact]
    public void AnOverlayShowsItsLayers()
    {
        Mount(Overlay(Layers(2)));
        Assert.Equal("1", File.ReadAllText(Rootfs + "/layer1"));
        Assert.Equal("2", File.ReadAllText(Rootfs + "/layer2"));
        File.WriteAllText(Rootfs + "/new", "");
        Assert.True(File.Exists(_directory["upper/new"]));
    }

    [Fact]
    public void AnOverlayWhoseLayersNeedMoreThanAPageIsMounted()
    {
        string[] layers = Layers(150);
        Assert.True(string.Join(':', layers).Length > Environment.SystemPageSize);
        string before = Environment.CurrentDirectory;
        Mount(Overlay(layers));
        Assert.Equal("150", File.ReadAllText(Rootfs + "/layer150"));
        Assert.Equal(before, Environment.CurrentDirectory);
    }

    [Fact]
    public void ABindMountCanBeReadOnly()
    {
        _directory.Make("source");
        _directory.Write("source/file", "x");
        Mount(new Mount { Type = "bind", Source = _directory["source"], Options = { "rbind", "ro" } });
        Assert.Equal("x", File.ReadAllText(Rootfs + "/file"));
        Assert.Throws<IOException>(() => File.WriteAllText(Rootfs + "/file", "y"));
        File.WriteAllText(_directory["source/file"], "the source itself stays writable");
    }

    [Fact]
    public void FlagsAndDataReachTheFileSystem()
    {
        Mount(new Mount { Type = "tmpfs", Source = "tmpfs", Options = { "nosuid", "mode=0710" } });
        Assert.Equal(0x1C8, Files.Status(Rootfs).Mode);
    }

    [Fact]
    public void TheRootfsIsMadeWhenThereIsSomethingToMount()
    {
        RootfsMounts.MountAll(Rootfs, [], Run);
        Assert.False(Directory.Exists(Rootfs));
        Mount(Tmpfs(""));
        Assert.True(Directory.Exists(Rootfs));
    }

    [Fact]
    public void ATargetStaysInTheRootfsWhateverLinksAreThere()
    {
        _directory.Make("outside");
        _directory.Make("source/real");
        Directory.CreateSymbolicLink(_directory["source/link"], _directory["outside"]);
        Directory.CreateSymbolicLink(_directory["source/inside"], "/real");
        Mount(
            new Mount { Type = "bind", Source = _directory["source"], Options = { "bind" } },
            Tmpfs("/inside"),
            Tmpfs("../../real"));
        Assert.Equal([Rootfs, Rootfs + "/real", Rootfs + "/real"], _directory.MountsBelow("rootfs"));

        RpcException e = Assert.Throws<RpcException>(() => Mount(Tmpfs("link")));
        Assert.Contains(Rootfs + _directory["outside"], e.Message, StringComparison.Ordinal);
        Assert.Empty(_directory.MountsBelow("outside"));
    }

    [Fact]
    public void AFailureUndoesWhatWasMountedBeforeAndSaysWhatFailed()
    {
        RpcException e = Assert.Throws<RpcException>(() => Mount(
            Tmpfs(""), new Mount { Type = "no-such-fs", Source = "s", Options = { "ro", "data=1" } }));
        Assert.Equal(RpcCode.Unknown, e.Code);
        Assert.StartsWith(
            $"failed to mount rootfs component: mount source: \"s\", target: \"{Rootfs}\", fstype: no-such-fs, "
            + "flags: 1, data: \"data=1\", err: ",
            e.Message,
            StringComparison.Ordinal);
        Assert.Empty(_directory.MountsBelow("rootfs"));
    }

    [Theory]
    [InlineData("X-containerd.a=b", "was not consumed by the mount manager")]
    [InlineData("uidmap=x gidmap=0:0:1", "uidmap: \"x\" is not container:host:count")]
    public void OptionsThatCannotBeAreRefused(string words, string message)
    {
        var mount = new Mount { Type = "tmpfs", Source = "tmpfs" };
        mount.Options.AddRange(words.Split(' '));
        Assert.Contains(message, Assert.Throws<RpcException>(() => Mount(mount)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsLongerThanAPageAreRefused()
    {
        var mount = new Mount { Type = "tmpfs", Source = "tmpfs", Options = { new string('x', Environment.SystemPageSize + 1) } };
        Assert.Equal(
            "failed to mount rootfs component: mount options is too long",
            Assert.Throws<RpcException>(() => Mount(mount)).Message);
    }

    [Fact]
    public void ARemountWithoutDataOnlyChangesFlags()
    {
        _directory.Make("source");
        Mount(
            new Mount { Type = "bind", Source = _directory["source"], Options = { "bind" } },
            new Mount { Type = "bind", Source = _directory["source"], Options = { "bind", "ro", "remount" } });
        Assert.Single(_directory.MountsBelow("rootfs"));
        Assert.Throws<IOException>(() => File.WriteAllText(Rootfs + "/file", "y"));
    }

    [Fact]
    public void AnIdmappedOverlayShiftsTheOwnersOfItsLayers()
    {
        string[] layers = Layers(2);
        Mount overlay = Overlay(layers);
        overlay.Options.AddRange(["uidmap=0:5000:10", "gidmap=0:6000:10"]);
        Mount(overlay);
        FileStatus status = Files.Status(Rootfs + "/layer1");
        Assert.Equal((5000u, 6000u), (status.Uid, status.Gid));
        Assert.False(Directory.Exists(Rootfs + "-layers"));
    }

    [Fact]
    public void AnIdmappedBindMountShiftsOwners()
    {
        _directory.Make("source");
        Mount(new Mount { Type = "bind", Source = _directory["source"], Options = { "bind", "uidmap=0:5000:10", "gidmap=0:6000:10" } });
        Assert.Equal((5000u, 6000u), (Files.Status(Rootfs).Uid, Files.Status(Rootfs).Gid));
    }

    [Fact]
    public void UndoingRemovesWhatIsStacked()
    {
        Mount[] mounts = [Tmpfs(""), Tmpfs("")];
        Mount(mounts);
        Assert.Equal(2, _directory.MountsBelow("rootfs").Count);
        RootfsMounts.Undo(Rootfs, mounts, mounts.Length);
        Assert.Empty(_directory.MountsBelow("rootfs"));
    }

    [Fact]
    public async Task UnmountingIsRecursive()
    {
        Mount(Tmpfs(""), Tmpfs(""));
        Directory.CreateDirectory(Rootfs + "/a/b");
        Mount(Tmpfs("a"));
        Directory.CreateDirectory(Rootfs + "/a/c");
        Mount(Tmpfs("a/c"));
        await new RootfsUnmount(Rootfs, Run)
            .RunAsync(step => Task.FromResult(step()), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Empty(_directory.MountsBelow("rootfs"));
        Directory.Delete(Rootfs);
    }

    [Fact]
    public void AMissingOrUnmountedRootfsIsFine()
    {
        Assert.True(new RootfsUnmount(Rootfs, Run).TryOnce());
        Directory.CreateDirectory(Rootfs);
        Assert.True(new RootfsUnmount(Rootfs, Run).TryOnce());
    }

    [Fact]
    public void ABusyMountIsTriedAgainUntilItIsFree()
    {
        Mount(Tmpfs(""));
        FileStream user = File.Create(Rootfs + "/file");
        int pauses = 0;
        new RootfsUnmount(Rootfs, Run).Run(_ =>
        {
            if (++pauses == 3)
            {
                user.Dispose();
            }
            return true;
        });
        Assert.Equal(3, pauses);
        Assert.Empty(_directory.MountsBelow("rootfs"));
    }

    [Fact]
    public void AMountThatStaysBusyIsAnErrorAfterABoundedTime()
    {
        Mount(Tmpfs(""));
        using FileStream user = File.Create(Rootfs + "/file");
        TimeSpan waited = TimeSpan.Zero;
        SyscallException e = Assert.Throws<Native.SyscallException>(() => new RootfsUnmount(Rootfs, Run).Run(pause =>
        {
            waited += pause;
            return true;
        }));
        Assert.Equal((Native.Errno.EBUSY, 2450), (e.Errno, waited.TotalMilliseconds));
        Assert.Single(_directory.MountsBelow("rootfs"));
    }

    [Fact]
    public void PlacesAreUnmountedTheDeepestFirst() =>
        Assert.Equal(["/r/a/b", "/r/a", "/r/c", "/r"], RootfsUnmount.Below("/r", ["/r", "/r/a", "/rx", "/r/a/b", "/", "/r/c", "/r/a"]));

    private void Mount(params Mount[] mounts) => RootfsMounts.MountAll(Rootfs, mounts, Run);

    private static CommandResult Run(IReadOnlyList<string> arguments) =>
        throw new InvalidOperationException($"no helper is needed: {arguments[0]}");

    private static Mount Tmpfs(string target) => new() { Type = "tmpfs", Source = "tmpfs", Target = target };

    private string[] Layers(int count)
    {
        string[] layers = [.. Enumerable.Range(1, count).Select(i => _directory.Make($"snapshots-of-the-test/{i}/fs"))];
        for (int i = 0; i < count; i++)
        {
            File.WriteAllText($"{layers[i]}/layer{i + 1}", $"{i + 1}");
        }
        return layers;
    }

    private Mount Overlay(string[] layers) => new()
    {
        Type = "overlay",
        Source = "overlay",
        Options = { $"workdir={_directory.Make("work")}", $"upperdir={_directory.Make("upper")}", $"lowerdir={string.Join(':', layers)}" },
    };
}
