using ShimStack.Drill.ShimHost;

namespace ShimStack.Drill.Tests.ShimHost;

public sealed class ShimAddressTests
{
    [Fact]
    public void ABareAddressIsOfVersionTwo() => Assert.Equal(new ShimAddress("/run/s", 2), ShimAddress.Parse("unix:///run/s"));

    [Fact]
    public void ADocumentTellsItsVersion() => Assert.Equal(
        new ShimAddress("/run/s", 3), ShimAddress.Parse("{\"version\":3,\"address\":\"unix:///run/s\",\"protocol\":\"ttrpc\"}"));

    [Theory, InlineData(""), InlineData("/run/s"), InlineData("{\"version\":3}"), InlineData("{")]
    public void WhatIsNoAddressIsShown(string output)
    {
        DrillException e = Assert.Throws<DrillException>(() => ShimAddress.Parse(output));
        Assert.EndsWith(output, e.Message, StringComparison.Ordinal);
    }
}
