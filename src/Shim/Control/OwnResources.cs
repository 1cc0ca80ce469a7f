using System.Globalization;
using System.Text;
using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Control;

/// <summary>What the shim itself uses, as the kernel counts it. See proc(5).</summary>
internal static class OwnResources
{
    private const string Threads = "/proc/self/task";

    public static void WriteTo(Report to)
    {
        to.Begin(11, "resources");
        to.Number(1, "rss", ResidentPages() * Environment.SystemPageSize);
        to.Number(2, "descriptors", Entries("/proc/self/fd") - 1); // without that of this listing
        to.Number(3, "threads", Entries(Threads));
        to.End();
    }

    /// <summary>A line for each thread: its name, its state, and the kernel function it waits in.</summary>
    public static void WriteThreads(Report to)
    {
        foreach (string thread in Directory.EnumerateDirectories(Threads))
        {
            to.Begin(0, "thread");
            to.Text(0, "tid", Path.GetFileName(thread));
            to.Text(0, "name", ReadText($"{thread}/comm"));
            to.Text(0, "state", ProcessStat.TryRead($"{thread}/stat")?.State.ToString());
            to.Text(0, "waits_in", ReadText($"{thread}/wchan"));
            to.End();
        }
    }

    private static int Entries(string folder)
    {
        int count = 0;
        foreach (string _ in Directory.EnumerateFileSystemEntries(folder))
        {
            count++;
        }

        return count;
    }

    private static long ResidentPages() => long.Parse(ReadText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture);

    private static string ReadText(string path)
    {
        try
        {
            return Encoding.UTF8.GetString(SmallFile.ReadAll(path)).TrimEnd('\n', '\0');
        }
        catch (SyscallException e)
        {
            return e.Message; // a thread that has just ended: the line says so
        }
    }
}
