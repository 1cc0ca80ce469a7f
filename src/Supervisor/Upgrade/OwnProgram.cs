using System.Collections;
using System.Text;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;

namespace ShimStack.Supervisor.Upgrade;

/// <summary>How this process was started. The next build is started the same way.</summary>
/// <param name="Arguments">The whole argv.</param>
/// <param name="Environment">As "NAME=value", before anything was taken out of it.</param>
/// <param name="Path">The file that runs, as it was called when it was started.</param>
internal sealed record OwnProgram(IReadOnlyList<string> Arguments, IReadOnlyList<string> Environment, string Path)
{
    private const string Name = "shimstackd";
    private const string Replaced = " (deleted)";

    /// <summary>Where the next build is installed if nobody says otherwise: a path that may lead to another file by now.</summary>
    public string Installed => Arguments[0].Contains('/', StringComparison.Ordinal)
        ? System.IO.Path.GetFullPath(Arguments[0])
        : ExecutablePath.Find(Arguments[0], System.Environment.GetEnvironmentVariable("PATH")) ?? Path;

    /// <summary>Asks the kernel. See proc_pid_cmdline(5), proc_pid_exe(5).</summary>
    public static OwnProgram Read()
    {
        string line = Encoding.UTF8.GetString(Files.ReadWhole("/proc/self/cmdline"));
        List<string> environment = [];
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            if ((string)variable.Key != LetterFile.Variable)
            {
                environment.Add($"{variable.Key}={variable.Value}");
            }
        }

        string path = CurrentProcess.ExecutablePath;
        return new OwnProgram(line.TrimEnd('\0').Split('\0'), environment, path.EndsWith(Replaced, StringComparison.Ordinal) ? path[..^Replaced.Length] : path);
    }

    /// <summary>
    /// A program that was executed by its descriptor has the descriptor's number for a name, and the framework takes that for its path, which leads
    /// nowhere once the file has been replaced: then it finds neither SQLite nor the shim beside it.
    /// </summary>
    public void Settle()
    {
        CurrentProcess.SetThreadName(Name);
        AppContext.SetData("APP_CONTEXT_BASE_DIRECTORY", System.IO.Path.GetDirectoryName(Path) + "/");
    }
}
