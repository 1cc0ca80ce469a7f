using ShimStack.Api;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Tests.Bootstrap;

public sealed class NamesTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("redis_1.2-b")]
    [InlineData("0123456789abcdef")]
    public void AnIdentifierOfContainerdIsValid(string id) => Assert.Null(IdentifierRule.Fault(id));

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a..b")]
    [InlineData("a--b")]
    [InlineData("-a")]
    [InlineData("a_")]
    [InlineData("a b")]
    [InlineData("é")]
    [InlineData("a\0b")]
    public void AnythingElseIsNot(string id) => Assert.Contains("must match", IdentifierRule.Fault(id), StringComparison.Ordinal);

    [Theory]
    [InlineData(76, true)]
    [InlineData(77, false)]
    public void AnIdentifierHasAtMost76Bytes(int length, bool valid) =>
        Assert.Equal(valid, IdentifierRule.Fault(new string('a', length)) is null);

    [Theory]
    [InlineData("/usr/bin/containerd-shim-runc-v2", "io.containerd.runc.v2")]
    [InlineData("containerd-shim-shimstack-v2", "io.containerd.shimstack.v2")]
    [InlineData("./containerd-shim-my-own-v10", "io.containerd.my-own.v10")]
    [InlineData("/opt/shim", RuntimeName.Default)]
    [InlineData("containerd-shim-runc", RuntimeName.Default)]
    [InlineData("containerd-shim-runc-vx", RuntimeName.Default)]
    [InlineData("containerd-shim--v2", RuntimeName.Default)]
    [InlineData("", RuntimeName.Default)]
    public void TheRuntimesNameComesFromTheFileName(string program, string name) => Assert.Equal(name, RuntimeName.Of(program));
}
