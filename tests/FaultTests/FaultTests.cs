using ShimStack.FaultTests.Harness;
using ShimStack.FaultTests.Reporting;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.FaultTests;

/// <summary>Every fault with our shim, which must do what is promised; for the page also with the reference, which is written down.</summary>
public sealed class QuickFaultTests
{
    public static TheoryData<string, string> Rows => Faulty.RowsOf(isLong: false);

    [Theory, MemberData(nameof(Rows))]
    public Task IsHandled(string fault, string shim) => Faulty.TestAsync(fault, shim);
}

/// <summary>Those that are mostly waiting, beside the others.</summary>
public sealed class LongFaultTests
{
    public static TheoryData<string, string> Rows => Faulty.RowsOf(isLong: true);

    [Theory, MemberData(nameof(Rows))]
    public Task IsHandled(string fault, string shim) => Faulty.TestAsync(fault, shim);
}

/// <summary>What the two have in common.</summary>
internal static class Faulty
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
