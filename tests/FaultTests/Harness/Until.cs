using System.Diagnostics;

namespace ShimStack.FaultTests.Harness;

/// <summary>Waits for what nobody is told of: a condition is looked at again and again, up to a limit.</summary>
internal static class Until
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    /// <summary>Whether the condition comes true in time.</summary>
    public static async Task<bool> TrueAsync(Func<bool> condition, TimeSpan? limit = null)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > (limit ?? FaultStage.Soon))
            {
                return false;
            }

            await Task.Delay(Step, TestContext.Current.CancellationToken);
        }

        return true;
    }
}
