using System.Diagnostics;

namespace ShimStack.SystemTests.Processes;

/// <summary>Waits for what the kernel tells nobody: a condition is looked at again and again, up to a deadline.</summary>
internal static class Until
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    /// <summary>Throws TimeoutException with <paramref name="what"/> when the condition does not come true.</summary>
    public static async Task TrueAsync(Func<bool> condition, string what, TimeSpan? limit = null)
    {
        if (!await IsTrueAsync(condition, limit ?? TimeSpan.FromSeconds(20)))
        {
            throw new TimeoutException($"waited in vain for: {what}");
        }
    }

    public static async Task<bool> IsTrueAsync(Func<bool> condition, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                return false;
            }

            await Task.Delay(Step, TestContext.Current.CancellationToken);
        }

        return true;
    }
}
