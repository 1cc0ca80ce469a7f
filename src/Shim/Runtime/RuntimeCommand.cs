using ShimStack.Native.Processes;

namespace ShimStack.Shim.Runtime;

/// <summary>One command to be run, what it is called in reports, and how long it may take.</summary>
/// <param name="Request">Program, arguments, environment. It gets a process group of its own, so that it can be ended with all it has started.</param>
/// <param name="Name">What it does: create, start, mount.fuse3, …</param>
/// <param name="Container">For whom.</param>
/// <param name="Limit">After this it is killed; zero for never.</param>
internal readonly record struct RuntimeCommand(SpawnRequest Request, string Name, string Container, TimeSpan Limit)
{
    /// <summary>The words for a command that was killed because its time was over.</summary>
    public string Overdue => $"{Request.Arguments[0]} {Name} did not end within {Limit.TotalSeconds:0.###} s and was killed";
}
