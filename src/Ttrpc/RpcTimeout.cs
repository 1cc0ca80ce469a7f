namespace ShimStack.Ttrpc;

/// <summary>timeout_nano of the envelope: relative, in nanoseconds, 0 for none; below 0 it has passed already.</summary>
internal static class RpcTimeout
{
    public static DateTimeOffset? ToDeadline(long nanoseconds, DateTimeOffset now)
    {
        if (nanoseconds == 0)
        {
            return null;
        }
        long ticks = (nanoseconds / TimeSpan.NanosecondsPerTick) + (nanoseconds % TimeSpan.NanosecondsPerTick > 0 ? 1 : 0);
        return Add(now, ticks);
    }

    public static long ToNanoseconds(TimeSpan timeout) =>
        timeout.Ticks > long.MaxValue / TimeSpan.NanosecondsPerTick ? long.MaxValue : timeout.Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>A moment from now on, and the last one that can be told for what is beyond it.</summary>
    public static DateTimeOffset Add(DateTimeOffset now, long ticks) =>
        ticks > (DateTimeOffset.MaxValue - now).Ticks ? DateTimeOffset.MaxValue : now.AddTicks(ticks);
}
