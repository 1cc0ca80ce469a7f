using System.Security.Cryptography;
using System.Text;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Tests.Bootstrap;

public sealed class SocketAddressTests
{
    // The tables of Go's own path package, as far as they say something new.
    [Theory]
    [InlineData("", ".")]
    [InlineData("abc", "abc")]
    [InlineData("/", "/")]
    [InlineData("//abc//", "/abc")]
    [InlineData("abc//def//ghi/", "abc/def/ghi")]
    [InlineData("./abc/./def/.", "abc/def")]
    [InlineData("abc/def/..", "abc")]
    [InlineData("abc/def/../../..", "..")]
    [InlineData("/abc/def/../../..", "/")]
    [InlineData("../../abc", "../../abc")]
    [InlineData("abc/../../././../def", "../../def")]
    [InlineData("/..", "/")]
    public void CleanIsThatOfGo(string path, string clean) => Assert.Equal(clean, GoPath.Clean(path));

    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("a/b", "a", "b")]
    [InlineData("b", "", "b")]
    [InlineData("/b", "/", "b")]
    [InlineData("a/b", "a/", "", "b")]
    [InlineData("a", "a", "")]
    [InlineData("", "", "", "")]
    [InlineData("c", "a", "b", "../..", "c")]
    public void JoinIsThatOfGo(string joined, params string[] elements) => Assert.Equal(joined, GoPath.Join(elements));

    [Theory]
    [InlineData("/a", "/")]
    [InlineData("/a/b", "/a")]
    [InlineData("a", ".")]
    public void DirectoryIsThatOfGo(string path, string directory) => Assert.Equal(directory, GoPath.DirectoryOf(path));

    [Fact]
    public void TheHashIsSha256AtEveryLengthOfPadding()
    {
        for (int length = 0; length < 200; length++)
        {
            byte[] data = Encoding.ASCII.GetBytes(new string('x', length));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(data)), Sha256.HexOf(data));
        }
    }

    [Fact]
    public void TheAddressIsTheOneTheReferenceComputes()
    {
        // printf %s /run/containerd/containerd.sock/default/test | sha256sum
        string hash = Convert.ToHexStringLower(SHA256.HashData("/run/containerd/containerd.sock/default/test"u8));
        var address = SocketAddress.Of(SocketAddress.DefaultDirectory, "/run/containerd/containerd.sock", "default", "test");
        Assert.Equal($"unix:///run/containerd/s/{hash}", address.Uri);
    }

    [Theory]
    [InlineData(41, true)]
    [InlineData(42, false)]
    public void ADirectoryThatLeavesNoRoomForTheHashIsAnError(int length, bool valid)
    {
        string directory = "/" + new string('d', length - 1);
        Exception? problem = Record.Exception(() => SocketAddress.Of(directory, "/a", "ns", "g"));
        Assert.Equal(valid, problem is null);
        Assert.Equal(valid ? null : typeof(StartupException), problem?.GetType());
    }

    [Theory]
    [InlineData("unix:///run/x", "/run/x")]
    [InlineData("/run/x", null)]
    [InlineData("unix://run/x", null)]
    [InlineData("vsock://2:1024", null)]
    public void OnlyAPathOfThisMachineIsAnAddress(string uri, string? path) => Assert.Equal(path, SocketAddress.TryParse(uri)?.Path);
}
