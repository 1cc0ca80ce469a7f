using ShimStack.Native.Processes;

namespace ShimStack.Drill.Targets;

/// <summary>What can be drilled: a daemon that speaks containerd's API, privately, with everything of it in one folder.</summary>
internal interface ITarget
{
    /// <summary>As `--target` names it.</summary>
    string Name { get; }

    /// <summary>The runtime that its containers have, which leads to the shim that is drilled.</summary>
    string Runtime { get; }

    TargetPlaces Places { get; }

    /// <summary>
    /// The builds of the daemon that can take each other's place in the same process, the one that is started first; none where that cannot
    /// be.
    /// </summary>
    IReadOnlyList<string> Builds { get; }

    /// <summary>Writes what the daemon needs before its first start.</summary>
    void Prepare();

    /// <summary>How it is started, each time anew; its descriptors are added.</summary>
    SpawnRequest Command();
}
