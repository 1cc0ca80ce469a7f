using System.Text;
using System.Text.Json;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Tests.Bootstrap;

public sealed class GroupingTests
{
    private const string Cri = "\"io.kubernetes.cri.sandbox-id\":\"pod\"";
    private const string Runc = "\"io.containerd.runc.v2.group\":\"grp\"";

    [Theory]
    [InlineData("{}", null)]
    [InlineData("{\"annotations\":null}", null)]
    [InlineData("{} what follows is not read", null)]
    [InlineData("{\"annotations\":{\"x\":\"y\"}}", null)]
    [InlineData("{\"annotations\":{" + Cri + "}}", "pod")]
    [InlineData("{\"annotations\":{" + Cri + "," + Runc + "}}", "grp")]
    [InlineData("{\"annotations\":{" + Runc + "," + Cri + "}}", "grp")]
    [InlineData("{\"annotations\":{\"io.containerd.runc.v2.group\":\"\"," + Cri + "}}", "")]
    [InlineData("{\"process\":{\"annotations\":{" + Runc + "}},\"mounts\":[1,[2]]}", null)]
    [InlineData("{\"a\":[{}],\"annotations\":{" + Cri + "},\"z\":1}", "pod")]
    public void TheFirstKeyOfTheTwoNamesTheGroup(string spec, string? group) =>
        Assert.Equal(group, Grouping.Find(Encoding.UTF8.GetBytes(spec)));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"annotations\":{" + Runc)]
    [InlineData("{\"annotations\":[]}")]
    [InlineData("{\"annotations\":{\"io.containerd.runc.v2.group\":1}}")]
    public void AnythingButASpecIsAnError(string spec) =>
        Assert.ThrowsAny<JsonException>(() => Grouping.Find(Encoding.UTF8.GetBytes(spec)));

    [Fact]
    public void WithoutAnAnnotationTheIdIsTheGroup()
    {
        using var bundle = new TemporaryDirectory();
        bundle.Write("config.json", "{}");
        Assert.Equal("c1", Grouping.Read(bundle.Path, "c1"));
    }

    [Fact]
    public void AMissingSpecIsAnErrorThatNamesTheFile()
    {
        using var bundle = new TemporaryDirectory();
        string message = Assert.Throws<StartupException>(() => Grouping.Read(bundle.Path, "c1")).Message;
        Assert.Contains($"{bundle.Path}/config.json", message, StringComparison.Ordinal);
        Assert.Contains("ENOENT", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ABrokenSpecIsAnErrorThatNamesFileAndPlace()
    {
        using var bundle = new TemporaryDirectory();
        bundle.Write("config.json", "{\n \"ociVersion\": nonsense}");
        Assert.Equal(
            $"read spec {bundle["config.json"]}: invalid JSON at line 2, byte 17",
            Assert.Throws<StartupException>(() => Grouping.Read(bundle.Path, "c1")).Message);
    }
}
