using ShimStack.Shim.Rootfs;

namespace ShimStack.Shim.Tests.Rootfs;

public sealed class OverlayLowerDirsTests
{
    [Theory]
    [InlineData("/s/1/fs:/s/2/fs", "/s", "1/fs:2/fs")]
    [InlineData("/s/12/fs:/s/13/fs", "/s", "12/fs:13/fs")]
    [InlineData("/a/b:/a/b/c", "/a", "b:b/c")]
    [InlineData("/a/b/c:/a/b/d:/a/x", "/a", "b/c:b/d:x")]
    [InlineData("/a:/b", "", "/a:/b")]
    [InlineData("/a/1", "", "/a/1")]
    [InlineData("/a/1:", "", "/a/1:")]
    [InlineData("/a/:/a/1", "", "/a/:/a/1")]
    [InlineData("a/1:a/2", "a", "1:2")]
    [InlineData("/a/x\\:y:/a/z", "", "/a/x\\:y:/a/z")]
    public void NamesAreShortenedToTheDirectoryTheyShare(string directories, string shared, string names)
    {
        OverlayLowerDirs.Shortened result = OverlayLowerDirs.Shorten(["index=off", $"lowerdir={directories}", "upperdir=/u"]);
        Assert.Equal(shared, result.WorkingDirectory);
        Assert.Equal(["index=off", $"lowerdir={names}", "upperdir=/u"], result.Options);
    }

    [Fact]
    public void WithoutLowerDirectoriesNothingChanges()
    {
        string[] options = ["upperdir=/u"];
        Assert.Equal(new OverlayLowerDirs.Shortened("", options), OverlayLowerDirs.Shorten(options));
    }

    [Fact]
    public void ASingleDirectoryStillHasAParentForIdmapping()
    {
        (string directory, IReadOnlyList<string> names) = Assert.NotNull(OverlayLowerDirs.Split(["lowerdir=/s/1/fs"]));
        Assert.Equal(("/s/1", "fs"), (directory, Assert.Single(names)));
    }

    [Theory]
    [InlineData(3583, false)]
    [InlineData(3584, true)]
    public void OptionsAreLongNearTheEndOfThePage(int length, bool isLong) =>
        Assert.Equal(isLong, OverlayLowerDirs.AreLong(["ro", new string('x', length - 2)], 4096));
}
