namespace ShimStack.Drill.Record;

/// <summary>How long calls took, in buckets that double.</summary>
public sealed class Latencies
{
    private const int Count = 16;

    private readonly long[] _buckets = new long[Count];

    public IReadOnlyList<long> Buckets => _buckets;

    public long Total { get; private set; }

    public TimeSpan Longest { get; private set; }

    /// <summary>What a bucket ends below; the last one has no end.</summary>
    public static TimeSpan LimitOf(int bucket) => TimeSpan.FromTicks(TimeSpan.TicksPerMillisecond / 4 << bucket);

    public void Add(TimeSpan length)
    {
        int bucket = 0;
        while (bucket < Count - 1 && length >= LimitOf(bucket))
        {
            bucket++;
        }

        _buckets[bucket]++;
        Total++;
        Longest = length > Longest ? length : Longest;
    }
}
