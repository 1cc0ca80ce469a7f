using ShimStack.Native.Processes;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Upgrade;

/// <summary>How this process was started. The next build is started the same way.</summary>
/// <param name="Arguments">The whole argv.</param>
/// <param name="Environment">As NAME=value.</param>
internal sealed record OwnProgram(IReadOnlyList<string> Arguments, IReadOnlyList<string> Environment)
{
    /// <summary>Where the next build is if nobody says otherwise: the path by which the daemon has called us, which may lead to another file by now.</summary>
    public string Installed => Arguments[0].StartsWith('/')
        ? Arguments[0]
        : ExecutablePath.Find(Arguments[0], System.Environment.GetEnvironmentVariable("PATH")) ?? ProcessEnvironment.OwnExecutable();

    public static OwnProgram Read() => new(System.Environment.GetCommandLineArgs(), ProcessEnvironment.ForSuccessor());

    /// <summary>
    /// A program that was executed by its descriptor has the descriptor's number for a name until it says otherwise: people look for shims by theirs.
    /// </summary>
    public void TakeName() => CurrentProcess.SetThreadName(Path.GetFileName(Arguments[0]));
}
