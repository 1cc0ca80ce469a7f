using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Shims;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tests.Shims;

public sealed class RuntimeBinaryTests
{
    [Fact]
    public void AConfiguredNameIsWhatTheConfigurationSays()
    {
        SupervisorSettings settings = new() { Runtimes = new Dictionary<string, string> { ["io.containerd.runc.v2"] = "/bin/true" } };
        Assert.Equal("/bin/true", new RuntimeBinary(settings).Resolve("io.containerd.runc.v2"));
    }

    [Fact]
    public void AnAbsolutePathIsItself() => Assert.Equal("/bin/true", new RuntimeBinary(new()).Resolve("/bin/true"));

    [Theory]
    [InlineData("", RpcCode.InvalidArgument, "invalid runtime name")]
    [InlineData("runc", RpcCode.InvalidArgument, "invalid runtime name runc")]
    [InlineData("a/b.c", RpcCode.InvalidArgument, "invalid runtime name a/b.c")]
    [InlineData(".b.c", RpcCode.InvalidArgument, "invalid runtime name .b.c")]
    [InlineData("io.containerd.nosuch.v9", RpcCode.NotFound, "\"containerd-shim-nosuch-v9\"")]
    [InlineData("/no/such/shim", RpcCode.NotFound, "/no/such/shim is no executable file")]
    public void WhatCannotBeFoundIsNamed(string runtime, RpcCode code, string message)
    {
        RpcException refused = Assert.Throws<RpcException>(() => new RuntimeBinary(new()).Resolve(runtime));
        Assert.Equal(code, refused.Code);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }
}
