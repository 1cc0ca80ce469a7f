using Microsoft.Extensions.Time.Testing;
using ShimStack.Shim.Stdio;

namespace ShimStack.Shim.Tests.Stdio;

public class ModerationTests
{
    private readonly FakeTimeProvider _time = new();
    private Moderation _moderation;

    [Theory]
    [InlineData(3, true)] // lines at full speed
    [InlineData(125, true)]
    [InlineData(126, false)]
    [InlineData(500, false)] // 2,000 lines a second
    [InlineData(1_000_000, false)]
    public void OnlyEdgesThatComeTooFastAreGivenUp(int microsecondsApart, bool looks)
    {
        for (int i = 0; i < Moderation.Burst * 4 && !_moderation.Looks; i++)
        {
            _time.Advance(TimeSpan.FromMicroseconds(microsecondsApart));
            Assert.Equal(_moderation.Edge(_time), _moderation.Looks);
        }

        Assert.Equal(looks, _moderation.Looks);
    }

    [Fact]
    public void ABurstThatEndsSoonIsNoReason()
    {
        for (int burst = 0; burst < 10; burst++)
        {
            for (int i = 0; i < Moderation.Burst; i++)
            {
                Assert.False(_moderation.Edge(_time));
            }

            _time.Advance(TimeSpan.FromMilliseconds(3));
        }
    }

    [Theory]
    [InlineData(1, 0, Moderation.EmptyLooks)] // it rests
    [InlineData(2, 1, 14)] // one look in three finds a line, as with 2,000 a second: edges cost less
    [InlineData(1, 1, null)]
    [InlineData(1, 4, null)]
    public void LooksEndWhenTooManyFindNothing(int empty, int found, int? expected)
    {
        Hurry();
        int looks = 0;
        while (looks < 1000 && _moderation.Looks)
        {
            Assert.NotEqual(_moderation.Look(found: looks % (empty + found) >= empty), _moderation.Looks);
            looks++;
        }

        Assert.Equal(expected ?? 1000, looks);
    }

    [Fact]
    public void AfterwardsItTakesAWholeBurstAgain()
    {
        Hurry();
        while (!_moderation.Look(found: false))
        {
        }

        for (int i = 1; i < Moderation.Burst * 2; i++)
        {
            Assert.False(_moderation.Edge(_time));
        }

        Assert.True(_moderation.Edge(_time));
    }

    private void Hurry()
    {
        while (!_moderation.Edge(_time))
        {
        }
    }
}
