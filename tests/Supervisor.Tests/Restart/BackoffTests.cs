using CsCheck;
using ShimStack.Supervisor.Restart;

namespace ShimStack.Supervisor.Tests.Restart;

public sealed class BackoffTests
{
    private static readonly Gen<TimeSpan> Times = Gen.Double[0, 3600].Select(TimeSpan.FromSeconds);

    [Fact]
    public void ItDoublesUpToAMinute()
    {
        List<double> waits = [];
        TimeSpan wait = TimeSpan.Zero;
        for (int i = 0; i < 12; i++)
        {
            wait = Backoff.Next(wait, TimeSpan.Zero);
            waits.Add(wait.TotalSeconds);
        }

        Assert.Equal([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 60, 60], waits);
    }

    [Fact]
    public void ItIsNeverLessThanBeforeAndNeverOutOfBounds() => Gen.Select(Times, Times).Sample((previous, ran) =>
    {
        TimeSpan next = Backoff.Next(previous, ran);
        return next >= Backoff.First && next <= Backoff.Longest
            && (ran >= Backoff.InOrder ? next == Backoff.First : next >= previous || previous > Backoff.Longest);
    });

    [Fact]
    public void JitterIsAFifthAtMost() => Gen.Select(Times, Gen.Double[0, 1]).Sample((delay, chance) =>
        Math.Abs((Backoff.Jittered(delay, chance) - delay).TotalSeconds) <= (delay.TotalSeconds * 0.2) + 1e-6);
}
