using System.Text.Json.Nodes;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Kubernetes;

/// <summary>
/// The network of a test's pods: a network namespace of the daemon's own, in which the plugins may do what they want (addresses, routes,
/// forwarding) and with which all of it goes away. Of the machine's network nothing is touched. See network_namespaces(7).
/// </summary>
internal static class PodNetwork
{
    // In the stage's folder, where the daemon is started.
    private const string Namespace = "netns";

    // Where the plugins' library remembers results; not configurable.
    private const string Results = "/var/lib/cni/results";

    public const string DaemonPrefix = "nsenter --net=" + Namespace;

    /// <summary>The first numbers of every pod's address.</summary>
    public const string Subnet = "10.88.0.";

    public static string ConfigurationDirectory(string directory) => Path.Combine(directory, "net.d");

    public static async Task CreateAsync(Stage stage)
    {
        string file = Path.Combine(stage.Directory, Namespace);
        await File.WriteAllTextAsync(file, "");
        // The daemon's streaming server needs the loopback device.
        (await Command.RunAsync("unshare", [$"--net={file}", "/bin/busybox", "ip", "link", "set", "lo", "up"])).MustSucceed();
        DirectoryInfo configuration = Directory.CreateDirectory(ConfigurationDirectory(stage.Directory));
        await File.WriteAllTextAsync(Path.Combine(configuration.FullName, "10-pods.conflist"), Configuration(stage).ToJsonString());
    }

    /// <summary>Takes the name of the namespace away: it ends with the daemon, the last process in it.</summary>
    public static async Task RemoveAsync(Stage stage) =>
        (await Command.RunAsync("umount", [Path.Combine(stage.Directory, Namespace)])).MustSucceed();

    /// <summary>What the plugins remember of this pod; empty once it is gone.</summary>
    public static string[] Remembered(string pod) => Directory.Exists(Results) ? Directory.GetFiles(Results, $"*{pod}*") : [];

    // A pair of devices with routes, addresses from a range: the plugin that does it without a packet filter.
    private static JsonObject Configuration(Stage stage) => new()
    {
        ["cniVersion"] = "0.4.0",
        ["name"] = stage.Name,
        ["plugins"] = new JsonArray(new JsonObject
        {
            ["type"] = "ptp",
            ["ipam"] = new JsonObject
            {
                ["type"] = "host-local",
                ["dataDir"] = Path.Combine(stage.Directory, "addresses"),
                ["ranges"] = new JsonArray(new JsonArray(new JsonObject { ["subnet"] = Subnet + "0/24" })),
            },
        }),
    };
}
