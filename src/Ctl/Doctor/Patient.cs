using ShimStack.Ctl.Kernel;
using ShimStack.Native.Mounts;
using ShimStack.Native.Processes;

namespace ShimStack.Ctl.Doctor;

/// <summary>A machine, with all that a check may look at. In tests it is made up.</summary>
internal sealed record Patient
{
    public KernelFiles Kernel { get; init; } = new();

    /// <summary>The daemon's socket.</summary>
    public required string Address { get; init; }

    public DaemonFacts Daemon { get; init; } = new();

    public DaemonFolders Folders { get; init; } = DaemonFolders.Default;

    public uint UserId { get; init; } = CurrentProcess.EffectiveUserId;

    /// <summary>Where programs are looked for, as in PATH.</summary>
    public string SearchPath { get; init; } = "";

    /// <summary>What this shimctl is of.</summary>
    public string Version { get; init; } = "";

    /// <summary>Runs a program that ends by itself; null if it cannot be run.</summary>
    public Func<string, string[], ProgramRun?> Run { get; init; } = ProgramRun.Of;

    public Func<string, FileSystemSpace> Space { get; init; } = FileSystem.SpaceOf;

    /// <summary>Path of a program; null if it is not there.</summary>
    public string? Find(string program) => ExecutablePath.Find(program, SearchPath);
}
