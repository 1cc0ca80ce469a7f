using System.Globalization;
using System.Text;

namespace ShimStack.ShimDriver.Host;

/// <summary>A process that is not the driver's child, watched through /proc.</summary>
public sealed record RunningProcess(int Pid)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(5);

    /// <summary>User and system time used so far by the process itself, in steps of 10 ms. See proc_pid_stat(5).</summary>
    public TimeSpan CpuTime
    {
        get
        {
            string[] fields = StatFields();
            long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            return TimeSpan.FromMilliseconds(ticks * 10);
        }
    }

    /// <summary>False when it is gone or a zombie.</summary>
    public bool IsAlive
    {
        get
        {
            try
            {
                return StatFields()[0] is not ("Z" or "X");
            }
            catch (IOException)
            {
                return false; // gone: no such file before, or ESRCH while reading
            }
        }
    }

    public ProcessMemory Memory => ProcessMemory.Of(Pid);

    /// <summary>Number of open descriptors.</summary>
    public int DescriptorCount => Directory.GetFileSystemEntries($"/proc/{Pid}/fd").Length;

    /// <summary>Sends a signal; false if the process is gone.</summary>
    public bool Signal(int signal) => LibC.Kill(Pid, signal) == 0;

    /// <summary>Waits until it is gone, at most for the time given. Returns whether it is.</summary>
    public async Task<bool> WaitForEndAsync(TimeSpan timeout, CancellationToken cancellation = default)
    {
        long deadline = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        while (IsAlive)
        {
            if (Environment.TickCount64 > deadline)
            {
                return false;
            }

            await Task.Delay(LookAgain, cancellation);
        }

        return true;
    }

    /// <summary>All processes that work in the directory or carry the word as one of their arguments.</summary>
    public static IReadOnlyList<RunningProcess> Find(string workingDirectory, string argument)
    {
        List<RunningProcess> found = [];
        foreach (string directory in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out int pid)
                && pid != Environment.ProcessId
                && IsMeant(directory, workingDirectory, argument))
            {
                found.Add(new RunningProcess(pid));
            }
        }

        return found;
    }

    /// <summary>All processes that carry a mark: in their command line, environment, working directory or cgroup. Zombies carry none.</summary>
    public static IReadOnlyList<RunningProcess> Marked(string mark) =>
        [.. Directory.GetDirectories("/proc")
            .Select(directory => int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out int pid) ? pid : 0)
            .Where(pid => pid > 0 && pid != Environment.ProcessId && Carries($"/proc/{pid}", mark))
            .Select(pid => new RunningProcess(pid))];

    /// <summary>The command line with spaces; empty when it is gone.</summary>
    public string CommandLine => TryRead($"/proc/{Pid}/cmdline").Replace('\0', ' ').Trim();

    private static bool Carries(string proc, string mark) =>
        new[] { "cmdline", "environ", "cgroup" }.Any(file => TryRead($"{proc}/{file}").Contains(mark, StringComparison.Ordinal))
        || (new FileInfo($"{proc}/cwd").LinkTarget ?? "").Contains(mark, StringComparison.Ordinal);

    private static string TryRead(string path)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // ended meanwhile
        }
    }

    private static bool IsMeant(string proc, string workingDirectory, string argument)
    {
        try
        {
            return File.ResolveLinkTarget($"{proc}/cwd", returnFinalTarget: false)?.FullName == workingDirectory
                || Encoding.UTF8.GetString(File.ReadAllBytes($"{proc}/cmdline")).Split('\0').Contains(argument);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // ended meanwhile
        }
    }

    // The name in parentheses may hold anything: count from the last one. The first field returned is the state.
    private string[] StatFields()
    {
        string stat = File.ReadAllText($"/proc/{Pid}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }
}
