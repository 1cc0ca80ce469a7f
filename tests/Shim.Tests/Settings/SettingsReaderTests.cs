using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Settings;

namespace ShimStack.Shim.Tests.Settings;

public class SettingsReaderTests
{
    [Fact]
    public void WhatIsNotSetHasItsDefault()
    {
        Assert.Equal(new ShimSettings(), SettingsReader.Read(static _ => null));
        Assert.Equal(new ShimSettings(), SettingsReader.Read(static _ => ""));
    }

    [Fact]
    public void WhatIsSetIsTaken()
    {
        ShimSettings settings = SettingsReader.Read(static name => name switch
        {
            "SHIMSTACK_RUNTIME_TIMEOUT" => "90s",
            "SHIMSTACK_DRAIN_TIMEOUT" => "0",
            "SHIMSTACK_DIRECT_KILL" => "off",
            "SHIMSTACK_SPOOL_SIZE" => "512k",
            "SHIMSTACK_SPOOL_NODE_SIZE" => "2g",
            "SHIMSTACK_SPOOL_AFTER" => "250ms",
            "SHIMSTACK_SPOOL_FULL" => "drop-oldest",
            _ => null,
        });
        ShimSettings expected = new()
        {
            RuntimeLimit = TimeSpan.FromSeconds(90),
            DrainLimit = TimeSpan.Zero,
            DirectKill = false,
            SpoolBytes = 512 << 10,
            SpoolNodeBytes = 2L << 30,
            SpoolAfter = TimeSpan.FromMilliseconds(250),
            SpoolDropsOldest = true,
        };
        Assert.Equal(expected, settings);
    }

    [Theory]
    [InlineData("RUNTIME_TIMEOUT", "soon")]
    [InlineData("RUNTIME_TIMEOUT", "10")]
    [InlineData("RUNTIME_TIMEOUT", "-5s")]
    [InlineData("RUNTIME_TIMEOUT", "99999999999s")]
    [InlineData("DRAIN_TIMEOUT", "s")]
    [InlineData("DIRECT_KILL", "perhaps")]
    [InlineData("SPOOL_SIZE", "much")]
    [InlineData("SPOOL_SIZE", "k")]
    [InlineData("SPOOL_SIZE", "9999999999g")]
    [InlineData("SPOOL_FULL", "sometimes")]
    public void ABadValueIsNamedWithItsVariable(string name, string value)
    {
        StartupException refusal = Assert.Throws<StartupException>(() => SettingsReader.Read(asked => asked == $"SHIMSTACK_{name}" ? value : null));
        Assert.StartsWith($"SHIMSTACK_{name}={value}: ", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith(" is expected", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("2s", 2_000)]
    [InlineData("10m", 600_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("0", 0)]
    public void ADurationIsANumberAndAUnit(string text, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), SettingText.ParseDuration(text));
}
