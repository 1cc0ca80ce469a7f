using ShimStack.Api.Types;
using ShimStack.Native.Mounts;
using ShimStack.Shim.Rootfs;

namespace ShimStack.Shim.Tests.Rootfs;

public sealed class MountOptionsTests
{
    [Theory]
    [InlineData("", MountFlags.None, "")]
    [InlineData("bind", MountFlags.MS_BIND, "")]
    [InlineData("rbind ro", MountFlags.MS_BIND | MountFlags.MS_REC | MountFlags.MS_RDONLY, "")]
    [InlineData("dirsync mand sync", MountFlags.MS_DIRSYNC | MountFlags.MS_MANDLOCK | MountFlags.MS_SYNCHRONOUS, "")]
    [InlineData("noatime nodev nodiratime", MountFlags.MS_NOATIME | MountFlags.MS_NODEV | MountFlags.MS_NODIRATIME, "")]
    [InlineData("noexec nosuid", MountFlags.MS_NOEXEC | MountFlags.MS_NOSUID, "")]
    [InlineData("relatime remount strictatime", MountFlags.MS_RELATIME | MountFlags.MS_REMOUNT | MountFlags.MS_STRICTATIME, "")]
    [InlineData("sync async noatime atime nodev dev nodiratime diratime noexec exec", MountFlags.None, "")]
    [InlineData("mand nomand relatime norelatime strictatime nostrictatime ro rw nosuid suid", MountFlags.None, "")]
    [InlineData("rw ro", MountFlags.MS_RDONLY, "")]
    [InlineData("defaults rprivate size=1m", MountFlags.None, "defaults,rprivate,size=1m")]
    [InlineData("ro lowerdir=/a:/b index=off", MountFlags.MS_RDONLY, "lowerdir=/a:/b,index=off")]
    [InlineData("RO", MountFlags.None, "RO")]
    public void WordsAreFlagsOrData(string words, MountFlags flags, string data)
    {
        MountOptions options = Parse(words);
        Assert.Equal((flags, data, false, false), (options.Flags, options.Data, options.Loop, options.IsIdmapped));
    }

    [Fact]
    public void WhatTheShimDoesItselfIsNoData()
    {
        MountOptions options = Parse("loop direct-io uidmap=0:1:2 gidmap=3:4:5 x");
        Assert.Equal((true, true, true, "x"), (options.Loop, options.DirectIo, options.IsIdmapped, options.Data));
        Assert.Equal(("0:1:2", "3:4:5"), (options.UidMap, options.GidMap));
    }

    [Theory]
    [InlineData("uidmap=0:1:2")]
    [InlineData("gidmap=0:1:2")]
    public void OneMapAloneDoesNothing(string words) => Assert.False(Parse(words).IsIdmapped);

    [Fact]
    public void OptionsOfTheMountManagerAreRefused() =>
        Assert.Equal(
            "internal mount option \"X-containerd.x=1\" was not consumed by the mount manager",
            Assert.Throws<MountException>(() => Parse("ro X-containerd.x=1")).Message);

    [Theory]
    [InlineData("0:100000:65536", 1)]
    [InlineData("0:0:1,1:100000:65535", 2)]
    public void MapsAreContainerHostCount(string text, int count)
    {
        IReadOnlyList<IdMapping> maps = IdMaps.Parse("uidmap", text);
        Assert.Equal(count, maps.Count);
        Assert.Equal(text, string.Join(',', maps.Select(map => $"{map.InsideId}:{map.OutsideId}:{map.Count}")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0:1")]
    [InlineData("0:1:2:3")]
    [InlineData("0:-1:2")]
    [InlineData("0:1:2,")]
    [InlineData("a:1:2")]
    public void OtherMapsAreRefused(string text) =>
        Assert.StartsWith("gidmap: ", Assert.Throws<MountException>(() => IdMaps.Parse("gidmap", text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("fuse.sshfs", "mount.fuse host:/x /r -o a -o b=c -t sshfs")]
    [InlineData("fuse3.squashfuse", "mount.fuse3 host:/x /r -o a -o b=c -t squashfuse")]
    public void FileSystemsInUserSpaceHaveAHelper(string type, string line)
    {
        var mount = new Mount { Type = type, Source = "host:/x", Options = { "a", "b=c" } };
        Assert.True(FuseMount.Handles(type));
        Assert.Equal(line, string.Join(' ', FuseMount.CommandLine(mount, "/r")));
    }

    [Theory]
    [InlineData("fuse")]
    [InlineData("overlay")]
    [InlineData("fuseblk")]
    public void OtherTypesHaveNone(string type) => Assert.False(FuseMount.Handles(type));

    private static MountOptions Parse(string words) => MountOptions.Parse(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
