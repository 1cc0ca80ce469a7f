using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Bootstrap;
using ShimStack.Api.Runc;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Tests.Bootstrap;

public sealed class BootstrapInputTests
{
    private static readonly ShimArguments Arguments = new() { Namespace = "ns", Id = "c1", Address = "/flag.sock", Debug = true };

    private static readonly Any RuncOptions =
        new() { TypeUrl = TypeUrls.RuncOptions, Value = new Options { ShimCgroup = "/shims" }.ToByteString() };

    [Fact]
    public void NothingIsTheLegacyProtocolWithoutOptions()
    {
        BootstrapInput input = BootstrapInput.Parse([], Arguments);
        Assert.Equal((BootstrapProtocol.Legacy, null, "/flag.sock", true), (input.Protocol, input.Options, input.GrpcAddress, input.Debug));
        Assert.Equal((SocketAddress.DefaultDirectory, "", ""), (input.SocketDirectory, input.TtrpcAddress, input.ReadShimCgroup()));
    }

    [Fact]
    public void AnAnyIsTheLegacyProtocol()
    {
        BootstrapInput input = BootstrapInput.Parse(RuncOptions.ToByteArray(), Arguments);
        Assert.Equal((BootstrapProtocol.Legacy, "/shims"), (input.Protocol, input.ReadShimCgroup()));
    }

    [Fact]
    public void OptionsOfAnUnknownTypeDoNotMatterAtStart()
    {
        byte[] other = new Any { TypeUrl = "x.Options", Value = ByteString.CopyFrom(1, 2) }.ToByteArray();
        Assert.Equal("", BootstrapInput.Parse(other, Arguments).ReadShimCgroup());
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(-4, true)]
    [InlineData(-8, true)]
    [InlineData(-3, false)]
    [InlineData(8, false)]
    public void TheMessageCarriesEverything(int level, bool debug)
    {
        BootstrapParams parameters = Parameters("c1", "ns");
        parameters.LogLevel = (LogLevel)level;
        BootstrapInput input = BootstrapInput.Parse(parameters.ToByteArray(), Arguments);
        Assert.Equal((BootstrapProtocol.BootstrapParams, "/shims", debug), (input.Protocol, input.ReadShimCgroup(), input.Debug));
        Assert.Equal(
            ("/run/s", "/grpc.sock", "/ttrpc.sock", "2.3.4"),
            (input.SocketDirectory, input.GrpcAddress, input.TtrpcAddress, input.ContainerdVersion));
    }

    [Fact]
    public void WhatTheMessageLeavesOutComesFromTheCommandLine()
    {
        BootstrapInput input = BootstrapInput.Parse(new BootstrapParams { InstanceId = "c1", Namespace = "ns" }.ToByteArray(), Arguments);
        Assert.Equal(
            (BootstrapProtocol.BootstrapParams, "/flag.sock", SocketAddress.DefaultDirectory),
            (input.Protocol, input.GrpcAddress, input.SocketDirectory));
    }

    [Theory]
    [InlineData("c2", "ns")]
    [InlineData("c1", "other")]
    public void AMessageForAnotherContainerIsAnError(string id, string nameSpace)
    {
        StartupException e =
            Assert.Throws<StartupException>(() => BootstrapInput.Parse(Parameters(id, nameSpace).ToByteArray(), Arguments));
        Assert.StartsWith("bootstrap parameters do not match command-line arguments: ", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0x0A, 0x7F, 0x41 })]
    [InlineData(new byte[] { 0x12, 0x01, 0x41 })]
    public void GarbageIsAnErrorThatTellsItsLength(byte[] garbage) =>
        Assert.StartsWith(
            "the 3 bytes",
            Assert.Throws<StartupException>(() => BootstrapInput.Parse(garbage, Arguments)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void DaemonsBefore23GetTheBareAddress() =>
        Assert.Equal("unix:///s/1"u8.ToArray(), StartResult.For(BootstrapProtocol.Legacy, new SocketAddress("/s/1")));

    [Fact]
    public void DaemonsFrom23OnGetTheMessageWithVersion3()
    {
        BootstrapResult result = BootstrapResult.Parser.ParseFrom(StartResult.For(BootstrapProtocol.BootstrapParams, new SocketAddress("/s/1")));
        Assert.Equal((3, "unix:///s/1", "ttrpc"), (result.Version, result.Address, result.Protocol));
    }

    private static BootstrapParams Parameters(string id, string nameSpace) => new()
    {
        InstanceId = id,
        Namespace = nameSpace,
        ContainerdVersion = "2.3.4",
        ContainerdGrpcAddress = "/grpc.sock",
        ContainerdTtrpcAddress = "/ttrpc.sock",
        SocketDir = "/run/s",
        Extensions = { new Api.Bootstrap.Extension(), new Api.Bootstrap.Extension { Value = RuncOptions } },
    };
}
