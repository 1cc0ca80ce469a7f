using ShimStack.Shim.Tasks;

namespace ShimStack.Shim.Tests.Tasks;

public class ProcessStartTimeTests
{
    [Theory]
    [InlineData("1 (sh) S 0 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 9 9\n", 4711)]
    [InlineData("1 (a) S (b) c) S 0 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4712 9 9\n", 4712)]
    [InlineData("", 0)]
    public void IsTheTwentySecondField(string stat, ulong expected) =>
        Assert.Equal(expected, ProcessStartTime.Parse(System.Text.Encoding.ASCII.GetBytes(stat)));

    [Fact]
    public void OfThisProcessIsNotZeroAndOfNoneIs()
    {
        Assert.NotEqual(0u, ProcessStartTime.Of(Environment.ProcessId));
        Assert.Equal(0u, ProcessStartTime.Of(0x3fffffff));
    }
}
