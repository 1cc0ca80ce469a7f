using ShimStack.SystemTests.Daemons;

namespace ShimStack.SystemTests.Kubernetes;

/// <summary>
/// The daemon's settings for Kubernetes: as Debian has them but for the shim under test, the test's own places, and what this kind of
/// machine does not have (CAP_SYS_RESOURCE, AppArmor).
/// </summary>
/// <param name="shim">The runtime's name, from which the daemon gets the shim's.</param>
internal sealed class CriConfiguration(string shim)
{
    private const string Common = """
        restrict_oom_score_adj = true
        disable_apparmor = true
        netns_mounts_under_state_dir = true
        """;

    /// <summary>The runtime's own settings in a file: the only way by which 1.6 passes them to a shim that is not called runc.</summary>
    public static string OptionsFile(string directory) => Path.Combine(directory, "runtime.toml");

    public string For(Daemon daemon) => daemon.Line == DaemonLine.Newest ? Newest(daemon) : UpTo17(daemon);

    /// <summary>What <see cref="OptionsFile"/> holds, and what later daemons pass on as text.</summary>
    public static string RuntimeOptions(string directory) =>
        $"""
        BinaryName = "/usr/sbin/runc"
        Root = "{Path.Combine(directory, "runc")}"
        SystemdCgroup = false
        """;

    private string UpTo17(Daemon daemon) =>
        $"""
        [plugins."io.containerd.grpc.v1.cri"]
        sandbox_image = "{PodImage.Name}"
        {Common}
        [plugins."io.containerd.grpc.v1.cri".cni]
        bin_dir = "{CriLine.PluginDirectory}"
        conf_dir = "{PodNetwork.ConfigurationDirectory(daemon.Directory)}"
        {Runtime("io.containerd.grpc.v1.cri", daemon)}
        """;

    private string Newest(Daemon daemon) =>
        $"""
        [plugins."io.containerd.cri.v1.images".pinned_images]
        sandbox = "{PodImage.Name}"
        [plugins."io.containerd.cri.v1.runtime"]
        {Common}
        [plugins."io.containerd.cri.v1.runtime".cni]
        bin_dirs = ["{CriLine.PluginDirectory}"]
        conf_dir = "{PodNetwork.ConfigurationDirectory(daemon.Directory)}"
        {Runtime("io.containerd.cri.v1.runtime", daemon)}
        """;

    private string Runtime(string plugin, Daemon daemon)
    {
        bool byFile = daemon.Line == DaemonLine.Debian12 && shim != RuntimeUnderTest.Reference;
        return $"""
            [plugins."{plugin}".containerd]
            default_runtime_name = "tested"
            [plugins."{plugin}".containerd.runtimes.tested]
            runtime_type = "{shim}"
            [plugins."{plugin}".containerd.runtimes.tested.options]
            {(byFile ? $"ConfigPath = \"{OptionsFile(daemon.Directory)}\"" : RuntimeOptions(daemon.Directory))}
            """;
    }
}
