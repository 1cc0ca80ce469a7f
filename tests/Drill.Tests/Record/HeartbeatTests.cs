using ShimStack.Drill.Record;

namespace ShimStack.Drill.Tests.Record;

public sealed class HeartbeatTests
{
    private const long Millisecond = 1_000_000;

    [Fact]
    public void OnlyWhatIsWorthALineIsKept()
    {
        Heartbeat beats = new();
        foreach (long at in (long[])[10, 20, 30, 130, 140])
        {
            beats.Add(at * Millisecond);
        }

        Assert.Equal((10 * Millisecond, 140 * Millisecond), (beats.First, beats.Last));
        Assert.Equal([new Gap(30 * Millisecond, 130 * Millisecond)], beats.Gaps);
    }

    [Fact]
    public void CallsFallIntoBucketsThatDouble()
    {
        Latencies calls = new();
        foreach (double milliseconds in (double[])[0.1, 0.25, 0.4, 1, 100_000])
        {
            calls.Add(TimeSpan.FromMilliseconds(milliseconds));
        }

        Assert.Equal((1, 2, 0, 1, 1), (calls.Buckets[0], calls.Buckets[1], calls.Buckets[2], calls.Buckets[3], calls.Buckets[^1]));
        Assert.Equal((5, TimeSpan.FromSeconds(100)), (calls.Total, calls.Longest));
    }

    [Fact]
    public async Task AChangeIsNotMissedBetweenAskingAndLooking()
    {
        DrillRecord record = new(TimeProvider.System);
        Task change = record.NextChange();
        record.Note(EntryKind.Done, "c1", "something");
        await change.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.False(record.NextChange().IsCompleted);
    }
}
