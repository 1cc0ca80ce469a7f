using ShimStack.Drill.Apis;
using ShimStack.Drill.Record;
using ShimStack.Drill.Watching;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Targets;

/// <summary>A shimstackd of the drill's own.</summary>
/// <param name="places">For all of it.</param>
/// <param name="daemon">The program.</param>
/// <param name="next">The build to which it is upgraded; a copy, since a build is known by its path.</param>
/// <param name="shim">The shim that its containers have.</param>
internal sealed class ShimstackTarget(TargetPlaces places, string daemon, string next, string shim) : ITarget
{
    // What a build brings with it beside the program.
    private const string Library = "libe_sqlite3.so";
    private const string Ours = "containerd-shim-shimstack-v2";

    private string _runtime = "";

    public string Name => TargetNames.Shimstack;

    public string Runtime => _runtime;

    public string Shim => shim;

    public TargetPlaces Places => places;

    public Promises Promises => PromisesWith(shim);

    public IReadOnlyList<string> Builds => [daemon, Path.Combine(places.Folder, "next", "shimstackd")];

    /// <summary>Ours leaves with the daemon what another process needs to take its place; no other does.</summary>
    public static Promises PromisesWith(string shim) =>
        Promises.All with { OutlivesShims = Path.GetFileName(Path.GetFullPath(shim)) == Ours };

    public void Prepare()
    {
        places.Create();
        _runtime = ShimChoice.Install(shim, places.Programs);
        string folder = Directory.CreateDirectory(Path.GetDirectoryName(Builds[1])!).FullName;
        File.Copy(next, Builds[1]);
        string library = Path.Combine(Path.GetDirectoryName(next)!, Library);
        if (File.Exists(library))
        {
            File.CreateSymbolicLink(Path.Combine(folder, Library), library);
        }
    }

    public IReadOnlyList<IDaemon> Daemons(WatchLoop loop, DrillRecord record) =>
        [new TargetDaemon("shimstackd", Command, places.LogFile, loop, record)];

    public IDaemonApi Connect(DrillRecord record) => new ContainerdApi(this);

    private SpawnRequest Command() => new()
    {
        Path = daemon,
        Arguments = [daemon, "--address", places.Socket, "--state", places.State, "--root", places.Root],
        Environment = TargetNames.Environment(places, daemon),
        WorkingDirectory = places.Folder,
    };
}
