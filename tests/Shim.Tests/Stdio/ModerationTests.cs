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

    [Fact]
    public void LooksEndWhenSomeInARowFindNothing()
    {
        Hurry();
        for (int round = 0; round < 3; round++)
        {
            for (int i = 1; i < Moderation.EmptyLooks; i++)
            {
                Assert.False(_moderation.Look(found: false));
            }

            Assert.False(_moderation.Look(found: true));
        }

        for (int i = 1; i < Moderation.EmptyLooks; i++)
        {
            Assert.False(_moderation.Look(found: false));
        }

        Assert.True(_moderation.Look(found: false));
        Assert.False(_moderation.Looks);
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
