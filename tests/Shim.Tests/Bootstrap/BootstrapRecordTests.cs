using System.Text;
using ShimStack.Api.Bootstrap;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Tests.Bootstrap;

/// <summary>What a daemon has written of the shim that a group has already.</summary>
public sealed class BootstrapRecordTests : IDisposable
{
    private const string Version3 = """{"version":3,"address":"unix:///s/1","protocol":"ttrpc"}""";

    private static readonly SocketAddress Address = new("/s/1");

    private readonly TemporaryDirectory _bundles = new();

    public void Dispose() => _bundles.Dispose();

    [Fact]
    public void TheRecordOfThePodsFirstContainerCounts()
    {
        Write("pod", Version3);
        Write("c1", Version3.Replace('3', '2'));
        Assert.Equal(new BootstrapRecord(3, Address.Uri), BootstrapRecord.OfGroup(_bundles["c2"], "pod", Address));
    }

    [Fact]
    public void AGroupThatIsNoContainerIsFoundByItsAddress()
    {
        Write("c0", """{"version":2,"address":"unix:///s/2"}""");
        Write("c1", Version3);
        Assert.Equal(3, BootstrapRecord.OfGroup(_bundles["c2"], "group of mine", Address)?.Version);
        Assert.Null(BootstrapRecord.OfGroup(_bundles["c2"], "g", new SocketAddress("/s/3")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[3]")]
    [InlineData("""{"version":"3","address":"unix:///s/1"}""")]
    [InlineData("""{"version":3,"address":1}""")]
    [InlineData("""{"version":3}""")]
    public void WhatCannotBeUnderstoodIsNoRecord(string json)
    {
        Write("pod", json);
        Assert.Null(BootstrapRecord.Read(_bundles["pod"]));
    }

    [Fact]
    public void AShimOfVersion3IsNamedAsItsDaemonKnowsIt()
    {
        BootstrapRecord record = new(3, Address.Uri);
        Assert.Equal(Version3, Encoding.UTF8.GetString(StartResult.For(BootstrapProtocol.Legacy, Address, record)));
        Assert.Equal(Address.Uri, Encoding.UTF8.GetString(StartResult.For(BootstrapProtocol.Legacy, Address, record with { Version = 2 })));
        byte[] message = StartResult.For(BootstrapProtocol.BootstrapParams, Address, record with { Version = 2 });
        Assert.Equal(2, BootstrapResult.Parser.ParseFrom(message).Version);
    }

    [Fact]
    public void DeleteFindsTheSocketByItWhenTheShimWroteNoAddress()
    {
        Write("c1", Version3);
        Assert.Equal(Address, BundleFiles.ReadAddress(_bundles["c1"]));
    }

    private void Write(string bundle, string json)
    {
        Directory.CreateDirectory(_bundles[bundle]);
        _bundles.Write($"{bundle}/bootstrap.json", json);
    }
}
