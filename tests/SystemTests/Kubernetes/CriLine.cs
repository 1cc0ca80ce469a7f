using ShimStack.SystemTests.Daemons;

namespace ShimStack.SystemTests.Kubernetes;

/// <summary>The daemons of <see cref="DaemonLine"/> as Kubernetes uses them: other columns of the compatibility table.</summary>
internal static class CriLine
{
    private const string Prefix = "cri-";

    public static TheoryData<string> All => [Prefix + DaemonLine.Debian12, Prefix + DaemonLine.Debian13, Prefix + DaemonLine.Newest];

    public static string Daemon(string column) => column[Prefix.Length..];

    /// <summary>Where the network plugins are.</summary>
    public static string PluginDirectory { get; } = Path.Combine(DaemonLine.Cache, "cni/usr/lib/cni");

    /// <summary>As for the daemons: skipped without the plugins, failed where they must be there.</summary>
    public static void RequirePlugins()
    {
        string plugin = Path.Combine(PluginDirectory, "ptp");
        if (Environment.GetEnvironmentVariable("SHIMSTACK_REQUIRE") == "system")
        {
            Assert.True(File.Exists(plugin), $"{plugin} is missing, and SHIMSTACK_REQUIRE=system says that it may not be: ./build.sh deps");
        }

        Assert.SkipUnless(File.Exists(plugin), $"the network plugins are not there: ./build.sh deps fetches them into {DaemonLine.Cache}");
    }
}
