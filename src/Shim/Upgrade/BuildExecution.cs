using System.Globalization;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Upgrade;

/// <summary>Executes another build in this process, with a state. See execve(2).</summary>
internal static class BuildExecution
{
    /// <summary>Returns only by throwing, and then nothing has happened.</summary>
    /// <param name="program">The build.</param>
    /// <param name="own">How it is to be started.</param>
    /// <param name="record">The state.</param>
    /// <param name="inherited">The descriptors that the records name.</param>
    /// <param name="wayBack">A variable for its environment: see <see cref="WayBack.Leave"/>; null for none.</param>
    /// <exception cref="SyscallException">There is no room for the state, or the build cannot be executed.</exception>
    public static void Run(FileDescriptor program, OwnProgram own, ShimRecord record, IReadOnlyList<FileDescriptor> inherited, string? wayBack = null)
    {
        using FileDescriptor file = StateFile.Write(record);
        string variable = string.Create(CultureInfo.InvariantCulture, $"{StateFile.Variable}={file.Number}");
        List<string> environment = [.. own.Environment, variable];
        if (wayBack is not null)
        {
            environment.Add(wayBack);
        }

        ProgramReplacement.Execute(program, own.Arguments, environment, [.. inherited, file]);
    }

    /// <summary>The program that runs, to come back to.</summary>
    public static FileDescriptor Self() => Files.Open("/proc/self/exe", OpenFlags.O_RDONLY);
}
