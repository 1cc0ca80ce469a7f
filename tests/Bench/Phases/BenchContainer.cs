using ShimStack.ShimDriver.Bundles;

namespace ShimStack.Bench.Phases;

/// <summary>The containers that are measured.</summary>
internal static class BenchContainer
{
    private const string CgroupParent = "/shimstack-bench";

    /// <summary>Sleeps until it is killed.</summary>
    internal static BundleSpec Idle => new() { CgroupParent = CgroupParent };

    /// <summary>Writes the number of MiB to its standard output in writes of 64 KiB, and ends.</summary>
    internal static BundleSpec Writer(int mebibytes) => new()
    {
        CgroupParent = CgroupParent,
        Arguments = ["dd", "if=/dev/zero", "bs=65536", $"count={mebibytes * 16}"],
    };
}
