using ShimStack.Drill.Apis;
using ShimStack.Drill.Record;
using ShimStack.Drill.Watching;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Targets;

/// <summary>A containerd of the drill's own, of any version from 1.6 on.</summary>
/// <param name="places">For all of it.</param>
/// <param name="daemon">The program.</param>
/// <param name="shim">The shim that its containers have.</param>
internal sealed class ContainerdTarget(TargetPlaces places, string daemon, string shim) : ITarget
{
    // What would touch the machine (Kubernetes, networks, block devices), or restart what the drill has ended.
    private static readonly string[] Unused =
    [
        "io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime", "io.containerd.nri.v1.nri",
        "io.containerd.internal.v1.opt", "io.containerd.internal.v1.restart", "io.containerd.monitor.container.v1.restart",
        "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
        "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.blockfile", "io.containerd.snapshotter.v1.erofs",
        "io.containerd.tracing.processor.v1.otlp",
    ];

    private string _runtime = "";

    public string Name => TargetNames.Containerd;

    public string Runtime => _runtime;

    public string Shim => shim;

    public TargetPlaces Places => places;

    private string Configuration => Path.Combine(places.Folder, "containerd.toml");

    public void Prepare()
    {
        places.Create();
        _runtime = ShimChoice.Install(shim, places.Programs);
        File.WriteAllText(
            Configuration,
            $"""
            version = 2
            root = "{places.Root}"
            state = "{places.State}"
            disabled_plugins = [{string.Join(", ", Unused.Select(name => $"\"{name}\""))}]
            [grpc]
            address = "{places.Socket}"
            """);
    }

    public IReadOnlyList<IDaemon> Daemons(WatchLoop loop, DrillRecord record) => [Daemon(loop, record, above: null)];

    public IDaemonApi Connect(DrillRecord record) => new ContainerdApi(this);

    /// <summary>The process, which may be the ground of another one.</summary>
    public TargetDaemon Daemon(WatchLoop loop, DrillRecord record, IDaemon? above) =>
        new(TargetNames.Containerd, Command, places.LogFile, loop, record) { Above = above };

    private SpawnRequest Command() => new()
    {
        Path = daemon,
        Arguments = [daemon, "--config", Configuration],
        Environment = TargetNames.Environment(places, daemon),
        WorkingDirectory = places.Folder,
    };
}
