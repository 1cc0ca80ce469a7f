using System.Text;
using Google.Protobuf;
using ShimStack.Api.Bootstrap;
using ShimStack.Supervisor.Shims;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tests.Shims;

public sealed class ShimAddressTests
{
    [Theory]
    [InlineData("unix:///run/s/1", 2, "unix:///run/s/1")]
    [InlineData("unix:///run/s/1\n", 2, "unix:///run/s/1")]
    [InlineData("""{"version":3,"address":"unix:///run/s/2","protocol":"ttrpc"}""", 3, "unix:///run/s/2")]
    [InlineData("""{"version":2,"address":"unix:///run/s/2","protocol":"TTRPC"}""", 2, "unix:///run/s/2")]
    public void EveryFormIsUnderstood(string output, int version, string address)
    {
        ShimAddress parsed = ShimAddress.Parse(Encoding.UTF8.GetBytes(output));
        Assert.Equal((version, address), (parsed.Version, parsed.Address));
    }

    [Fact]
    public void TheMessageOfANewShimIsUnderstood()
    {
        BootstrapResult result = new() { Version = 3, Address = "unix:///run/s/3", Protocol = "ttrpc" };
        Assert.Equal(new ShimAddress(3, "unix:///run/s/3", "ttrpc"), ShimAddress.Parse(result.ToByteArray()));
    }

    [Fact]
    public void WhatIsKeptIsReadBack()
    {
        ShimAddress address = new(3, "unix:///run/s/\"4\"", "ttrpc");
        Assert.Equal(address, ShimAddress.Parse(address.ToJson()));
    }

    [Theory]
    [InlineData("""{"version":4,"address":"unix:///run/s/2","protocol":"ttrpc"}""", "unsupported shim version (4)")]
    [InlineData("""{"version":3,"address":"unix:///run/s/2","protocol":"grpc"}""", "unsupported protocol of a shim: \"grpc\"")]
    public void WhatIsNotSpokenIsRefusedByName(string output, string message)
    {
        RpcException refused = Assert.Throws<RpcException>(() => ShimAddress.Parse(Encoding.UTF8.GetBytes(output)));
        Assert.Equal(RpcCode.Unimplemented, refused.Code);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OnlyUnixSocketsHaveAPath()
    {
        Assert.Equal("/run/s/1", new ShimAddress(2, "unix:///run/s/1", "ttrpc").SocketPath);
        Assert.Throws<RpcException>(() => new ShimAddress(3, "vsock://3:1024", "ttrpc").SocketPath);
    }
}
