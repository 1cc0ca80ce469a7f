namespace ShimStack.NativeTests;

public sealed class ResolveInRootTests : IDisposable
{
    private readonly TempDirectory _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("etc/passwd", "/etc/passwd")]
    [InlineData("/a/./b//c", "/a/b/c")]
    [InlineData("../../../etc/passwd", "/etc/passwd")]
    [InlineData("a/../../b", "/b")]
    [InlineData("/", "")]
    public void APathStaysInTheRoot(string path, string expected) =>
        Assert.Equal(_root.Path + expected, Files.ResolveInRoot(_root.Path, path));

    [Theory]
    [InlineData("/etc/passwd", "/etc/passwd")]
    [InlineData("../../../../../../etc/passwd", "/etc/passwd")]
    [InlineData("/..", "")]
    [InlineData("b", "/d/b")]
    public void ASymlinkStaysInTheRoot(string target, string expected)
    {
        Files.MakeDirectory(_root["d"], 0x1c0);
        Files.Symlink(target, _root["d/link"]);
        Assert.Equal(_root.Path + expected, Files.ResolveInRoot(_root.Path, "d/link"));
        Assert.Equal(_root.Path + expected + "/below", Files.ResolveInRoot(_root.Path + "/", "/d/link/below"));
    }

    [Fact]
    public void DotDotGoesUpFromWhereASymlinkLed()
    {
        Files.MakeDirectory(_root["x"], 0x1c0);
        Files.MakeDirectory(_root["x/y"], 0x1c0);
        Files.Symlink("/x/y", _root["link"]);
        Assert.Equal(_root["x/z"], Files.ResolveInRoot(_root.Path, "link/../z"));
    }

    [Fact]
    public void ACircleOfSymlinksIsELOOP()
    {
        Files.Symlink("b", _root["a"]);
        Files.Symlink("/a", _root["b"]);
        Assert.Equal(Errno.ELOOP, Assert.Throws<SyscallException>(() => Files.ResolveInRoot(_root.Path, "a")).Errno);
    }

    [Fact]
    public void TheRootOfTheMachineIsARootToo() => Assert.Equal("/", Files.ResolveInRoot("/", "../.."));
}
