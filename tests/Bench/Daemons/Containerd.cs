using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench.Daemons;

/// <summary>A containerd of the measurement's own: own root, state, socket and configuration; it can be killed and started again.</summary>
/// <param name="line">Which one, see <see cref="DaemonLine"/>.</param>
/// <param name="directory">For all of it.</param>
/// <param name="shims">The folder where it looks for shims first.</param>
internal sealed class Containerd(string line, string directory, string shims) : IDaemon
{
    private static readonly string[] Unused =
    [
        "io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime", "io.containerd.nri.v1.nri",
        "io.containerd.internal.v1.opt", "io.containerd.internal.v1.restart", "io.containerd.monitor.container.v1.restart",
        "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
        "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.blockfile", "io.containerd.snapshotter.v1.erofs",
        "io.containerd.tracing.processor.v1.otlp",
    ];

    private readonly DaemonProcess _process = new("containerd", directory);

    public string Address { get; } = Path.Combine(directory, "containerd.sock");

    public string Ctr { get; } = Path.Combine(ShimUnderTest.BinDirectory(line), "ctr");

    public RunningProcess Running => _process.Running;

    private string State { get; } = Path.Combine(directory, "state");

    public string BundleOf(string containerdNamespace, string id) =>
        Path.Combine(State, "io.containerd.runtime.v2.task", containerdNamespace, id);

    public void Start()
    {
        string temporary = Path.Combine(directory, "tmp");
        System.IO.Directory.CreateDirectory(temporary);
        string configuration = Path.Combine(directory, "config.toml");
        File.WriteAllText(configuration, Configuration());
        string bin = ShimUnderTest.BinDirectory(line);
        string path = $"{shims}:{bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        _process.Start(Path.Combine(bin, "containerd"), ["--config", configuration], ("PATH", path), ("TMPDIR", temporary));
    }

    public Task KillAsync() => _process.KillAsync();

    public Task StopAsync() => _process.StopAsync();

    private string Configuration() =>
        $"""
        version = 2
        root = "{Path.Combine(directory, "root")}"
        state = "{State}"
        disabled_plugins = [{string.Join(", ", Unused.Select(name => $"\"{name}\""))}]
        [grpc]
        address = "{Address}"
        """;
}
