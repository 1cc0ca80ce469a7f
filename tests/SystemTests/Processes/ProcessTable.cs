using System.Globalization;

namespace ShimStack.SystemTests.Processes;

/// <summary>What /proc says about processes, see proc(5). A process that is gone has no entry; none of this throws for it.</summary>
internal static class ProcessTable
{
    // Field 22, counted from the third.
    private const int StartTimeField = 19;

    // At most: a busy machine may take its time.
    private static readonly TimeSpan BetweenPrograms = TimeSpan.FromMilliseconds(500);

    /// <summary>All processes below <paramref name="root"/>, zombies included.</summary>
    public static IReadOnlyList<int> Descendants(int root)
    {
        ILookup<int, int> children = All().ToLookup(ParentOf);
        List<int> found = [];
        Queue<int> open = new([root]);
        while (open.TryDequeue(out int parent))
        {
            foreach (int child in children[parent])
            {
                found.Add(child);
                open.Enqueue(child);
            }
        }

        return found;
    }

    public static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out int pid) ? pid : 0)
        .Where(pid => pid > 0);

    /// <summary>
    /// The command line with spaces between the arguments; empty for a zombie and for a process that is gone. One that is between two programs, see
    /// execve(2), has none for a moment: it is looked at again.
    /// </summary>
    public static string CommandLine(int pid)
    {
        string line = ArgumentsOf(pid);
        if (line.Length == 0 && Executable(pid).Length > 0)
        {
            SpinWait.SpinUntil(() => (line = ArgumentsOf(pid)).Length > 0 || Executable(pid).Length == 0, BetweenPrograms);
        }

        return line;
    }

    /// <summary>The program that runs, links resolved.</summary>
    public static string Executable(int pid) => TargetOf($"/proc/{pid}/exe");

    public static bool Exists(int pid) => Directory.Exists($"/proc/{pid}");

    /// <summary>Whether it is there and not a zombie.</summary>
    public static bool Runs(int pid) => StateAndParent(pid) is [not "?" and not "Z", ..];

    /// <summary>When it started, in clock ticks since boot: with the pid, the identity of a process. 0 for a zombie and for one that is gone.</summary>
    public static long StartTime(int pid) =>
        Fields(pid) is [not "?" and not "Z", ..] fields ? long.Parse(fields[StartTimeField], CultureInfo.InvariantCulture) : 0;

    /// <summary>A number of /proc/PID/status: kB for sizes, a count for Threads.</summary>
    public static int StatusNumber(int pid, string field)
    {
        string line = (Read(pid, "status") ?? "").Split('\n').FirstOrDefault(line => line.StartsWith(field + ":", StringComparison.Ordinal)) ?? ":0";
        return int.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }

    public static int OpenDescriptors(int pid) => Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Count();

    /// <summary>What its descriptors stand for, as far as they are still there.</summary>
    public static IReadOnlyList<string> OpenPaths(int pid)
    {
        try
        {
            return [.. Directory.GetFileSystemEntries($"/proc/{pid}/fd").Select(TargetOf)];
        }
        catch (IOException)
        {
            // Gone in the meantime.
            return [];
        }
    }

    private static string ArgumentsOf(int pid) => (Read(pid, "cmdline") ?? "").Replace('\0', ' ').Trim();

    private static string TargetOf(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName ?? "";
        }
        catch (IOException)
        {
            // Closed in the meantime.
            return "";
        }
    }

    private static int ParentOf(int pid) => int.Parse(StateAndParent(pid)[1], CultureInfo.InvariantCulture);

    private static string[] StateAndParent(int pid) => Fields(pid)[..2];

    private static string[] Fields(int pid)
    {
        // The name in brackets may hold anything, so the fields are counted from its last bracket.
        string stat = Read(pid, "stat") ?? ") ? 0 ";
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static string? Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (IOException)
        {
            // Gone in the meantime.
            return null;
        }
    }
}
