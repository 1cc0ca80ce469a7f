using System.Globalization;
using System.Text;
using ShimStack.Api.Control;
using ShimStack.Native;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Control;

/// <summary>What the shim itself uses, as the kernel counts it. See proc(5).</summary>
internal static class OwnResources
{
    private const string Threads = "/proc/self/task";

    public static ResourcesStatus Read() => new()
    {
        RssBytes = ResidentPages() * (ulong)Environment.SystemPageSize,
        Descriptors = (uint)Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() - 1, // without that of this listing
        Threads = (uint)Directory.EnumerateDirectories(Threads).Count(),
    };

    /// <summary>A line for each thread: its name, its state, and the kernel function it waits in.</summary>
    public static IEnumerable<DumpLine> ThreadLines()
    {
        foreach (string thread in Directory.EnumerateDirectories(Threads))
        {
            yield return new DumpLine("thread")
                .Add("tid", Path.GetFileName(thread))
                .Add("name", ReadText($"{thread}/comm"))
                .Add("state", StateOf(ReadText($"{thread}/stat")))
                .Add("waits_in", ReadText($"{thread}/wchan"));
        }
    }

    private static ulong ResidentPages() => ulong.Parse(ReadText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture);

    // After the name, which may hold anything. See proc_pid_stat(5).
    private static string StateOf(string stat) => stat.LastIndexOf(") ", StringComparison.Ordinal) is int end and >= 0 ? stat[(end + 2)..(end + 3)] : "";

    private static string ReadText(string path)
    {
        try
        {
            return Encoding.UTF8.GetString(SmallFile.ReadAll(path)).TrimEnd('\n', '\0');
        }
        catch (SyscallException e)
        {
            return e.Errno.ToString(); // a thread that has just ended; the line says so
        }
    }
}
