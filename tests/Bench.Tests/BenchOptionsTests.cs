namespace ShimStack.Bench.Tests;

public class BenchOptionsTests
{
    [Fact]
    public void WithoutArgumentsEverythingIsMeasured()
    {
        var options = BenchOptions.Parse([]);
        Assert.True(options.Wants("life"));
        Assert.Equal(0, options.Scale);
        Assert.False(options.Record);
    }

    [Fact]
    public void OnlyNamesThePhases()
    {
        var options = BenchOptions.Parse(["--only", "life,echo", "--quick"]);
        Assert.True(options.Wants("echo"));
        Assert.False(options.Wants("fleet"));
        Assert.True(options.Quick);
    }

    [Theory]
    [InlineData(500, "scale")]
    [InlineData(50, "scale", "50")]
    [InlineData(500, "scale", "--output", "x")]
    public void ScaleHasANumberOrTheUsualOne(int expected, params string[] arguments) =>
        Assert.Equal(expected, BenchOptions.Parse(arguments).Scale);

    [Theory]
    [InlineData("--what")]
    [InlineData("--only")]
    [InlineData("--only", "life,nothing")]
    [InlineData("--shim", "no-path")]
    [InlineData("--ours", "/not/there")]
    [InlineData("--quick", "--record")]
    [InlineData("scale", "many")]
    public void WhatIsNotKnownIsRefused(params string[] arguments) => Assert.Throws<FormatException>(() => BenchOptions.Parse(arguments));
}
