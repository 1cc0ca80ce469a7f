using ShimStack.Native.Mounts;

namespace ShimStack.NativeTests;

public sealed class MountTableTests
{
    [Fact]
    public void ALineIsTakenApart()
    {
        const string Line = "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 propagate_from:2 - ext3 /dev/root rw,errors=continue";
        MountEntry expected = new(36, 35, "/mnt1", "/mnt2", "ext3", "/dev/root", "rw,noatime,rw,errors=continue");
        Assert.Equal(expected, MountEntry.Parse(Line));
    }

    [Fact]
    public void TheOptionalFieldsMayBeMissing() =>
        Assert.Equal("tmpfs", MountEntry.Parse("1 2 0:5 / /run rw - tmpfs tmpfs rw").FileSystemType);

    [Theory]
    [InlineData(@"/a\040b", "/a b")]
    [InlineData(@"\011\012\134\043", "\t\n\\#")]
    [InlineData(@"/a\134040", @"/a\040")]
    [InlineData(@"/\04", @"/\04")]
    [InlineData(@"/ü", "/ü")]
    public void OctalEscapesAreUndone(string escaped, string path) => Assert.Equal(path, MountEntry.Unescape(escaped));

    [Theory]
    [InlineData("1 2 0:5 / /run rw tmpfs tmpfs rw")]
    [InlineData("1 2 0:5 / /run rw - tmpfs")]
    public void ALineOfAnotherFormIsRefused(string line) => Assert.Throws<FormatException>(() => MountEntry.Parse(line));

    [Fact]
    public void TheTableOfTheMachineHasARoot() => Assert.Contains(MountTable.Read(), entry => entry.MountPoint == "/");
}
