using ShimStack.Native.Processes;

namespace ShimStack.Drill.Targets;

/// <summary>A shimstackd of the drill's own.</summary>
/// <param name="places">For all of it.</param>
/// <param name="daemon">The program.</param>
/// <param name="shim">The shim that its containers have.</param>
internal sealed class ShimstackTarget(TargetPlaces places, string daemon, string shim) : ITarget
{
    private string _runtime = "";

    public string Name => TargetNames.Shimstack;

    public string Runtime => _runtime;

    public TargetPlaces Places => places;

    public void Prepare()
    {
        places.Create();
        _runtime = ShimChoice.Install(shim, places.Programs);
    }

    public SpawnRequest Command() => new()
    {
        Path = daemon,
        Arguments = [daemon, "--address", places.Socket, "--state", places.State, "--root", places.Root],
        Environment = TargetNames.Environment(places, daemon),
        WorkingDirectory = places.Folder,
    };
}
