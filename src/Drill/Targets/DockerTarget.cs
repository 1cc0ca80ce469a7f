using ShimStack.Drill.Apis;
using ShimStack.Drill.Record;
using ShimStack.Drill.Watching;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Targets;

/// <summary>
/// A dockerd of the drill's own over a containerd of the drill's own. Its containers live on without it (live-restore), it has no bridge and touches
/// no firewall. The shim stands under the reference's name, first in PATH, as whoever replaces that one has it.
/// </summary>
/// <param name="places">For all of it.</param>
/// <param name="daemon">dockerd.</param>
/// <param name="containerd">The containerd below.</param>
/// <param name="shim">The shim that its containers have.</param>
internal sealed class DockerTarget(TargetPlaces places, string daemon, string containerd, string shim) : ITarget
{
    // What dockerd asks containerd for: see `docker info`, "Default Runtime".
    private const string ShimName = "containerd-shim-runc-v2";
    private const string DataName = "docker";
    private const string Faulty = "faulty";

    private readonly ContainerdTarget _containerd = new(places, containerd, shim);

    public string Name => TargetNames.Docker;

    public string Runtime => "io.containerd.runc.v2";

    public string Shim => shim;

    public TargetPlaces Places => places;

    /// <summary>What dockerd's own design does not give.</summary>
    public static Promises Less { get; } = new()
    {
        WaitsBeforeStart = false,
        KeepsExecs = false,
        AnnouncesLater = false,
        HandsOutput = false,
        TellsTimes = false,
    };

    public Promises Promises => Less;

    private string Folder => Path.Combine(places.Folder, "docker");

    private string Configuration => Path.Combine(Folder, "daemon.json");

    private string Data => Path.Combine(places.Disk, DataName);

    // A runtime of ours has a name of ours: dockerd's own cannot be set.
    private string Runtimes => places.RuntimeProgram.Length == 0 ? "" :
        $$"""
        "runtimes": { "{{Faulty}}": { "path": "{{places.RuntimeProgram}}" } },
        "default-runtime": "{{Faulty}}",
        """;

    private string Socket => Path.Combine(Folder, "docker.sock");

    /// <summary>Where dockerd tells the runtime to keep its state is a function of its exec root. Contract chapter 9.8.</summary>
    public static TargetPlaces PlacesOf(TargetPlaces places) =>
        places with
        {
            RuntimeRoot = Path.Combine(places.Folder, "docker/exec", "runtime-" + RuntimeNameOf(places)),
            OwnMounts = [.. places.OwnMounts, Path.Combine(places.Disk, DataName)],
        };

    public void Prepare()
    {
        _containerd.Prepare();
        string link = Path.Combine(places.Programs, ShimName);
        if (!Path.Exists(link))
        {
            File.CreateSymbolicLink(link, Path.GetFullPath(shim));
        }

        Directory.CreateDirectory(Folder);
        File.WriteAllText(Configuration, Json());
    }

    public IReadOnlyList<IDaemon> Daemons(WatchLoop loop, DrillRecord record)
    {
        TargetDaemon docker = new("dockerd", Command, places.LogFile, loop, record);
        return [_containerd.Daemon(loop, record, docker), docker];
    }

    public IDaemonApi Connect(DrillRecord record) => new DockerApi(new DockerClient(Socket), places, Data, record);

    private static string RuntimeNameOf(TargetPlaces places) => places.RuntimeProgram.Length > 0 ? Faulty : "runc";

    private SpawnRequest Command()
    {
        // A package that is unpacked and not installed has its libraries beside it.
        string root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(daemon)!, "../.."));
        IReadOnlyList<string> environment = TargetNames.Environment(places, Path.Combine(root, "usr/bin/dockerd"));
        string libraries = Path.Combine(root, "lib/x86_64-linux-gnu");
        // One that was killed leaves both.
        File.Delete(Socket);
        File.Delete(Path.Combine(Folder, "dockerd.pid"));
        return new()
        {
            Path = daemon,
            Arguments = [daemon, "--config-file", Configuration],
            Environment = root != "/" && Directory.Exists(libraries) ? [.. environment, $"LD_LIBRARY_PATH={libraries}"] : environment,
            WorkingDirectory = Folder,
        };
    }

    private string Json() =>
        $$"""
        {
          "containerd": "{{places.Socket}}",
          "containerd-namespace": "{{places.Name}}",
          "containerd-plugins-namespace": "{{places.Name}}-plugins",
          "cgroup-parent": "/{{places.Name}}",
          "data-root": "{{Data}}",
          "exec-root": "{{Folder}}/exec",
          "pidfile": "{{Folder}}/dockerd.pid",
          "hosts": ["unix://{{Socket}}"],
          "live-restore": true,
          "storage-driver": "vfs",
          "features": { "containerd-snapshotter": false },
          "log-driver": "json-file",
          {{Runtimes}}
          "bridge": "none",
          "iptables": false,
          "ip6tables": false,
          "userland-proxy": false
        }
        """;
}
