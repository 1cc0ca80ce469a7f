using System.Globalization;
using ShimStack.ShimDriver.Bundles;

namespace ShimStack.Bench.Phases;

/// <summary>The containers that are measured.</summary>
internal static class BenchContainer
{
    internal const string CgroupParent = "/shimstack-bench";

    /// <summary>Sleeps until it is killed.</summary>
    internal static BundleSpec Idle => Of("sleep", "100000");

    /// <summary>Sleeps, in a pod: all containers of one name share a shim.</summary>
    internal static BundleSpec InPod(string name) =>
        Idle with { Annotations = new Dictionary<string, string> { ["io.containerd.runc.v2.group"] = name } };

    /// <summary>The arguments that write the number of MiB in writes of 64 KiB.</summary>
    internal static string[] WriterArguments(int mebibytes) => ["dd", "if=/dev/zero", "bs=65536", $"count={mebibytes * 16}"];

    /// <summary>Writes the number of MiB to its standard output, and ends.</summary>
    internal static BundleSpec Writer(int mebibytes) => Of(WriterArguments(mebibytes));

    /// <summary>Writes lines of 80 bytes, each by one write, so many microseconds apart, and ends.</summary>
    internal static BundleSpec Lines(int count, int microseconds) =>
        Of("meter", "lines", count.ToString(CultureInfo.InvariantCulture), microseconds.ToString(CultureInfo.InvariantCulture));

    /// <summary>Reads its terminal; the terminal echoes what is typed.</summary>
    internal static BundleSpec Terminal => Of("sh", "-c", "cat >/dev/null") with { Terminal = true };

    private static BundleSpec Of(params string[] arguments) => new() { CgroupParent = CgroupParent, Arguments = arguments };
}
