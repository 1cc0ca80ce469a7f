using System.Text;
using ShimStack.Ctl.Streams;

namespace ShimStack.Ctl.Tests.Streams;

public sealed class DetachKeysTests
{
    private const string P = "\u0010";
    private const string Q = "\u0011";

    [Theory]
    [InlineData("plain", "plain", false)]
    [InlineData("a" + P + "b", "a" + P + "b", false)]
    [InlineData(P + P + Q, P, true)]
    [InlineData("ab" + P + Q + "cd", "ab", true)]
    [InlineData(Q, Q, false)]
    public void TheyAreFoundAndTakenOut(string typed, string passed, bool complete) => Check([typed], passed, complete);

    [Fact]
    public void TheyAreFoundInTwoReads() => Check(["a" + P, Q], "a", complete: true);

    [Fact]
    public void AKeyThatWasHeldBackComesWithTheNext() => Check([P, "x"], P + "x", complete: false);

    private static void Check(string[] reads, string passed, bool complete)
    {
        DetachKeys keys = new();
        string all = string.Concat(reads.Select(read => Encoding.UTF8.GetString(keys.Pass(Encoding.UTF8.GetBytes(read)))));
        Assert.Equal((passed, complete), (all, keys.AreComplete));
    }
}
