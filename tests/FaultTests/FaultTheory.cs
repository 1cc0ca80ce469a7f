using ShimStack.FaultTests.Harness;
using ShimStack.FaultTests.Reporting;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.FaultTests;

/// <summary>One fault with one shim as a test: rows, and what is done for each.</summary>
internal static class FaultTheory
{
    private const string Ours = "ours";
    private const string Reference = "reference";
    private const string ReferenceLine = "2.x";

    public static TheoryData<string, string> RowsOf(bool isLong)
    {
        string[] shims = Outcomes.AreWanted ? [Ours, Reference] : [Ours];
        return new TheoryData<string, string>(
            FaultList.All.Where(fault => fault.IsLong == isLong).SelectMany(_ => shims, (fault, shim) => (fault.Name, shim)));
    }

    public static async Task TestAsync(string fault, string shim)
    {
        Fault found = FaultList.Find(fault);
        (Findings findings, string log) = await FaultRun.RunAsync(found, Require(shim));
        Outcomes.Write(new Outcome(found.Group, found.Title, found.Promise, shim == Reference, findings.All));
        Assert.True(shim == Reference || findings.All.Count == 0, $"{string.Join("\n", findings.All)}\n{log}");
    }

    // Skips where it cannot run, but fails where SHIMSTACK_REQUIRE says that it must.
    private static ShimUnderTest Require(string name)
    {
        ShimUnderTest? shim = name == Ours ? ShimUnderTest.Ours : ShimUnderTest.ReferenceOf(ReferenceLine);
        string? reason = Environment.UserName != "root" ? "needs root" : shim is null ? $"the {name} shim is not there" : null;
        if (reason is not null && (Environment.GetEnvironmentVariable("SHIMSTACK_REQUIRE")?.Split(',').Contains("system") ?? false))
        {
            Assert.Fail(reason);
        }

        Assert.SkipWhen(reason is not null, reason ?? "");
        return shim!;
    }
}
