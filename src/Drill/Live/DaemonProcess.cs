using System.Globalization;
using ShimStack.Drill.Running;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Live;

/// <summary>
/// The process of a daemon that the drill has not started. Pid and start time name it for good; by program and command line the one is known
/// that takes its place.
/// </summary>
/// <param name="Pid">Its number.</param>
/// <param name="StartTime">Field 22 of proc_pid_stat(5).</param>
/// <param name="Program">Its file, as it was when it was started.</param>
/// <param name="CommandLine">Its words, with a space between them.</param>
internal sealed record DaemonProcess(int Pid, ulong StartTime, string Program, string CommandLine)
{
    // What the kernel adds to the name of a file that was replaced. See proc_pid_exe(5).
    private const string Replaced = " (deleted)";

    /// <summary>As people call it.</summary>
    public string Name => Path.GetFileName(Program);

    /// <summary>null if there is no such process, or none that we may look at.</summary>
    public static DaemonProcess? TryRead(int pid)
    {
        try
        {
            string program = Files.ReadLink(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/exe"));
            program = program.EndsWith(Replaced, StringComparison.Ordinal) ? program[..^Replaced.Length] : program;
            return ProcessStat.TryRead(pid) is { IsZombie: false } stat && ShimProcesses.CommandLine(pid) is string[] words
                ? new DaemonProcess(pid, stat.StartTime, program, string.Join(' ', words))
                : null;
        }
        catch (SyscallException)
        {
            return null;
        }
    }

    /// <summary>Another process that is the same daemon.</summary>
    public bool IsSuccessorOf(DaemonProcess other) =>
        Program == other.Program && CommandLine == other.CommandLine && (Pid, StartTime) != (other.Pid, other.StartTime);

    /// <summary>The file to which a descriptor of it leads; null if that is a terminal, a socket or nothing.</summary>
    public string? FileOf(int descriptor)
    {
        try
        {
            string path = Files.ReadLink(string.Create(CultureInfo.InvariantCulture, $"/proc/{Pid}/fd/{descriptor}"));
            return path.StartsWith('/') && Files.TryStatus(path) is { Type: FileType.Regular } ? path : null;
        }
        catch (SyscallException)
        {
            return null;
        }
    }
}
