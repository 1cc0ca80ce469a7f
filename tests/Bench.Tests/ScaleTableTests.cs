using ShimStack.Bench.Reporting;
using ShimStack.Bench.Scale;

namespace ShimStack.Bench.Tests;

public class ScaleTableTests
{
    private static readonly MachineFacts Machine = new("CPU", 2, "6.18", "Debian", "runc", "0 0 0", "2026-01-02 03:04:05Z");

    [Fact]
    public void TheRatioIsOfTheFirstToTheLast()
    {
        string line = Assert.Single(ScaleTable.Write([Of("ours", 50), Of("2.1", 200)]).Split('\n'), l => l.StartsWith("PSS of all", StringComparison.Ordinal));
        Assert.EndsWith("0.25", line, StringComparison.Ordinal);
    }

    [Fact]
    public void AnIdleReferenceHasNoRatio()
    {
        string page = ScaleTable.Page(Machine, [Of("ours", 50), Of("2.1", 200)]);
        Assert.Contains("| at rest, CPU of all shims, per mille of a processor | 0.00 | 0.00 | - |", page, StringComparison.Ordinal);
        Assert.All(page.Split('\n').Where(line => line.StartsWith('|')), line => Assert.Equal(5, line.Count(c => c == '|')));
    }

    private static NodeFigures Of(string shim, double megabytes) => new()
    {
        Shim = shim,
        Containers = 100,
        StartSeconds = 4,
        ShimMegabytes = megabytes,
        ShimPrivateDirtyMegabytes = 1,
        ShimThreads = 1,
        ShimDescriptors = 1,
        DaemonDescriptors = 1,
        IdleShimPerMille = 0,
        IdleDaemonPerMille = 1,
        IdleNodePerMille = 1,
        RecoverySeconds = 1,
        RecoveryShimCpuSeconds = 1,
    };
}
