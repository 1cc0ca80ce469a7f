using ShimStack.Ctl.Output;

namespace ShimStack.Ctl.Tests.Output;

public sealed class UnitsTests
{
    [Theory]
    [InlineData(-3, "0s")]
    [InlineData(59, "59s")]
    [InlineData(60, "1m")]
    [InlineData(3600 * 47, "47h")]
    [InlineData(3600 * 48, "2d")]
    public void AgesAreShort(int seconds, string text) => Assert.Equal(text, Units.Age(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(3UL << 40, "3 TiB")]
    public void SizesAreShort(ulong bytes, string text) => Assert.Equal(text, Units.Bytes(bytes));

    [Fact]
    public void ALongRowOfAPipeIsOneLine()
    {
        TextTable table = new("A", "B");
        table.Add("x", new string('y', 500) + " z");
        Assert.Equal(2, table.ToText(width: null, colours: false).Count(c => c == '\n'));
    }

    [Fact]
    public void WhatLooksLikeMarkupIsText()
    {
        TextTable table = new("A");
        table.Add("[red]x[/] [[");
        Assert.Equal("A\n[red]x[/] [[\n", table.ToText(width: null, colours: false));
    }
}
