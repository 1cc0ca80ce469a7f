using System.Globalization;

namespace ShimStack.ShimDriver.Host;

/// <summary>Memory and threads of a process, in bytes, as /proc tells them. See proc_pid_status(5) and proc_pid_smaps(5).</summary>
public readonly record struct ProcessMemory(long Rss, long RssAnon, long Pss, long PrivateDirty, int Threads)
{
    /// <summary>Reads /proc/PID/status and /proc/PID/smaps_rollup.</summary>
    public static ProcessMemory Of(int pid)
    {
        string[] status = File.ReadAllLines($"/proc/{pid}/status");
        string[] rollup = File.ReadAllLines($"/proc/{pid}/smaps_rollup");
        return new ProcessMemory(
            Number(status, "VmRSS") * 1024,
            Number(status, "RssAnon") * 1024,
            Number(rollup, "Pss") * 1024,
            Number(rollup, "Private_Dirty") * 1024,
            (int)Number(status, "Threads"));
    }

    private static long Number(string[] lines, string key)
    {
        string line = Array.Find(lines, l => l.StartsWith(key + ":", StringComparison.Ordinal))
            ?? throw new InvalidDataException($"no {key} in /proc");
        string[] words = line[(key.Length + 1)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(words[0], CultureInfo.InvariantCulture);
    }
}
