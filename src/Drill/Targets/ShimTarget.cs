using ShimStack.Drill.Apis;
using ShimStack.Drill.Record;
using ShimStack.Drill.ShimHost;
using ShimStack.Drill.Watching;

namespace ShimStack.Drill.Targets;

/// <summary>A shim that the drill itself is the daemon of: any program that speaks the protocol of runtime v2.</summary>
/// <param name="places">For all of it.</param>
/// <param name="shim">The program.</param>
internal sealed class ShimTarget(TargetPlaces places, string shim) : ITarget
{
    private ShimDaemon? _daemon;

    public string Name => TargetNames.Shim;

    public string Runtime => shim;

    public string Shim => shim;

    public TargetPlaces Places => places;

    public void Prepare()
    {
        places.Create();
        Directory.CreateDirectory(places.Bundles);
    }

    public IReadOnlyList<IDaemon> Daemons(WatchLoop loop, DrillRecord record) => [_daemon = new ShimDaemon(shim, places, loop, record)];

    public IDaemonApi Connect(DrillRecord record) =>
        new ShimApi(_daemon ?? throw new InvalidOperationException("the daemon is made first"), places);
}
