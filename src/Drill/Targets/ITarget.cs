using ShimStack.Drill.Apis;
using ShimStack.Drill.Record;
using ShimStack.Drill.Watching;

namespace ShimStack.Drill.Targets;

/// <summary>What can be drilled: a daemon, privately, with everything of it in one folder.</summary>
internal interface ITarget
{
    /// <summary>As `--target` names it.</summary>
    string Name { get; }

    /// <summary>The runtime that its containers have, which leads to the shim that is drilled.</summary>
    string Runtime { get; }

    /// <summary>The program of that shim.</summary>
    string Shim { get; }

    TargetPlaces Places { get; }

    Promises Promises => Promises.All;

    /// <summary>
    /// The builds of the daemon that can take each other's place in the same process, the one that is started first; none where that cannot
    /// be.
    /// </summary>
    IReadOnlyList<string> Builds => [];

    /// <summary>Writes what the daemon needs before its first start.</summary>
    void Prepare();

    /// <summary>Its processes, not started: each needs those before it, and the last one is what clients speak to.</summary>
    IReadOnlyList<IDaemon> Daemons(WatchLoop loop, DrillRecord record);

    /// <summary>A client of it.</summary>
    IDaemonApi Connect(DrillRecord record);
}
