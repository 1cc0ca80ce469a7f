using System.Text;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Tests.Bootstrap;

public sealed class SmallRulesTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(-999, -998)]
    [InlineData(1000, 1000)]
    [InlineData(-2000, -1000)]
    public void TheShimsOomScoreIsNextAboveTheDaemons(int daemon, int shim) => Assert.Equal(shim, OomScore.Next(daemon));

    [Theory]
    [InlineData("         0          0 4294967295\n", true)]
    [InlineData("         0     100000      65536\n", false)]
    [InlineData("         0          0 1\n         1     100000      65536\n", false)]
    public void AUserNamespaceIsKnownByItsMap(string map, bool initial) =>
        Assert.Equal(initial, UserNamespace.IsInitial(Encoding.ASCII.GetBytes(map)));

    [Fact]
    public void TheVersionIsThatOfTheBuild() =>
        Assert.Equal(ShimVersion.Text, typeof(ShimVersion).Assembly.GetName().Version?.ToString(3));

    [Fact]
    public void TheVersionTextHasFiveLinesOfWhichTheLastIsEmpty()
    {
        string[] lines = VersionAction.Text("/usr/bin/containerd-shim-runc-v2").Split('\n');
        Assert.Equal(["containerd-shim-runc-v2:", $"  Version:  {ShimVersion.Text}"], lines[..2]);
        Assert.Equal((6, "", ""), (lines.Length, lines[4], lines[5]));
    }
}
