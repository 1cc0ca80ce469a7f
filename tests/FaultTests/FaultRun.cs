using ShimStack.FaultTests.Harness;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.FaultTests;

/// <summary>One fault with one shim.</summary>
internal static class FaultRun
{
    private const int Tries = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>What was found, and the shim's log. What is only late is tried again: a busy machine is not the shim's fault.</summary>
    public static async Task<(Findings Findings, string Log)> RunAsync(Fault fault, ShimUnderTest shim)
    {
        for (int i = 1; ; i++)
        {
            (Findings findings, string log) = await TryAsync(fault, shim);
            if (findings.All.Count == 0 || !findings.AreOnlyOfTime || i == Tries)
            {
                return (findings, log);
            }
        }
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
