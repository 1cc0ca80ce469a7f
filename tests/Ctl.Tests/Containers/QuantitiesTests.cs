using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Containers;

namespace ShimStack.Ctl.Tests.Containers;

public sealed class QuantitiesTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("4k", 4096)]
    [InlineData("64M", 64 << 20)]
    [InlineData("2g", 2L << 30)]
    public void SizesHaveUnits(string text, long bytes) => Assert.Equal(bytes, Quantities.Bytes("--memory", text));

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("0")]
    [InlineData("-5m")]
    [InlineData("12x")]
    [InlineData("99999999999t")]
    public void WhatIsNoSizeIsRefusedWithItsName(string text) =>
        Assert.StartsWith($"--memory {text}: ", Assert.Throws<CtlException>(() => Quantities.Bytes("--memory", text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("SIGKILL", 9)]
    [InlineData("sigusr1", 10)]
    [InlineData("37", 37)]
    public void SignalsHaveNamesAndNumbers(string text, uint number) => Assert.Equal(number, Quantities.Signal(text));

    [Theory]
    [InlineData("NOPE")]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("")]
    public void WhatIsNoSignalIsRefused(string text) => Assert.Equal(ExitCode.Usage, Assert.Throws<CtlException>(() => Quantities.Signal(text)).Code);

    [Fact]
    public void ProcessorsMayBeParts()
    {
        Assert.Equal(0.5, Quantities.Processors("0.5"));
        Assert.Throws<CtlException>(() => Quantities.Processors("0"));
        Assert.Throws<CtlException>(() => Quantities.Processors("two"));
    }
}
