using System.Runtime;

namespace ShimStack.Supervisor.Recovery;

/// <summary>
/// The memory of a restart. Finding tasks again, and the clients that come with it, take some 70 KB a task at once, nearly all of which stays in use:
/// the collector, which begins after 2 MB (see Supervisor.csproj), would stop everything several times to move it, and find nothing. So it does not
/// collect until all that is over, and then once.
/// </summary>
internal static class RecoveryHeap
{
    private const long BytesPerTask = 100 * 1024;
    private const long MaxBytes = 64 * 1024 * 1024;
    private const long LargeObjects = 1024 * 1024;
    private const int FewTasks = 16;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>Holds the collector back for a while. Where memory is short, it is not held back, or not for so long.</summary>
    public static void HoldFor(int tasks, TimeProvider time)
    {
        long bytes = Math.Min(tasks * BytesPerTask, MaxBytes);
        if (tasks >= FewTasks && TryHold(bytes))
        {
            _ = ReleaseAsync(time);
        }
    }

    private static bool TryHold(long bytes)
    {
        try
        {
            return GC.TryStartNoGCRegion(bytes + LargeObjects, LargeObjects, disallowFullBlockingGC: true);
        }
        catch (ArgumentOutOfRangeException)
        {
            return false; // more than the heap may have here at all
        }
    }

    private static async Task ReleaseAsync(TimeProvider time)
    {
        await Task.Delay(Limit, time);
        if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
        {
            try
            {
                GC.EndNoGCRegion();
            }
            catch (InvalidOperationException)
            {
                // More was needed than that: the collector has begun again by itself in this moment.
            }
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true); // what clients have needed goes back
    }
}
