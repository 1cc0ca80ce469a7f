using ShimStack.FaultTests.Harness;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.FaultTests;

/// <summary>One fault with one shim.</summary>
internal static class FaultRun
{
    private const int Tries = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>
    /// What was found, and the shim's log. What was late is tried again, and the best try counts: a busy machine is not the shim's fault.
    /// </summary>
    public static async Task<(Findings Findings, string Log)> RunAsync(Fault fault, ShimUnderTest shim)
    {
        (Findings Findings, string Log) best = await TryAsync(fault, shim);
        for (int i = 1; i < Tries && best.Findings.AreOfTime; i++)
        {
            (Findings Findings, string Log) other = await TryAsync(fault, shim);
            best = other.Findings.All.Count < best.Findings.All.Count ? other : best;
        }

        return best;
    }

    private static async Task<(Findings Findings, string Log)> TryAsync(Fault fault, ShimUnderTest shim)
    {
        await using FaultStage stage = new(shim, fault);
        try
        {
            await fault.Run(stage).WaitAsync(Limit, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            stage.Findings.Add($"no end in {Limit.TotalSeconds:0} s");
        }
        catch (DeadEndException)
        {
            // It is among the findings.
        }

        return (stage.Findings, stage.Log);
    }
}
