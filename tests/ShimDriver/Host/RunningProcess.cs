using System.Globalization;
using System.Text;

namespace ShimStack.ShimDriver.Host;

/// <summary>A process that is not the driver's child, watched through /proc.</summary>
public sealed record RunningProcess(int Pid)
{
    // As clock_getcpuclockid(3) computes it: the complement of the pid, and CPUCLOCK_SCHED for all threads, ended ones too.
    private const int ProcessCpuClock = 2;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(5);

    /// <summary>User and system time used so far by the process itself, in nanoseconds.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            LibC.Check(LibC.GetTime((~Pid << 3) | ProcessCpuClock, out LibC.TimeSpecification time), $"the CPU clock of {Pid}");
            return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick);
        }
    }

    /// <summary>User and system time of the children that it has waited for, and of theirs. See proc_pid_stat(5).</summary>
    public TimeSpan ReapedCpuTime
    {
        get
        {
            string[] fields = StatFields();
            long ticks = long.Parse(fields[13], CultureInfo.InvariantCulture) + long.Parse(fields[14], CultureInfo.InvariantCulture);
            return TimeSpan.FromMilliseconds(ticks * 10);
        }
    }

    /// <summary>How often its threads have gone to sleep so far, which is how often they have woken. See proc_pid_status(5).</summary>
    public long WakeUps => Directory.GetDirectories($"/proc/{Pid}/task").Sum(static thread => VoluntarySwitches(thread));

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
    public static IReadOnlyList<RunningProcess> Find(string workingDirectory, string argument) =>
        [.. All(proc => IsMeant(proc, workingDirectory, argument))];

    /// <summary>All processes whose command line is meant.</summary>
    public static IEnumerable<RunningProcess> WithArguments(Func<string[], bool> isMeant) => All(proc =>
    {
        try
        {
            return isMeant(Arguments(proc));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // ended meanwhile
        }
    });

    private static IEnumerable<RunningProcess> All(Func<string, bool> isMeant)
    {
        foreach (string directory in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out int pid)
                && pid != Environment.ProcessId
                && isMeant(directory))
            {
                yield return new RunningProcess(pid);
            }
        }
    }

    private static string[] Arguments(string proc) => Encoding.UTF8.GetString(File.ReadAllBytes($"{proc}/cmdline")).Split('\0');

    private static long VoluntarySwitches(string thread)
    {
        const string Key = "voluntary_ctxt_switches:";
        string line = Array.Find(File.ReadAllLines($"{thread}/status"), line => line.StartsWith(Key, StringComparison.Ordinal))
            ?? throw new InvalidDataException($"no {Key} in {thread}/status");
        return long.Parse(line[Key.Length..], CultureInfo.InvariantCulture);
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
                || Arguments(proc).Contains(argument);
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
