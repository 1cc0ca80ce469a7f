using System.Globalization;
using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Ctl.Kernel;

/// <summary>
/// The files by which a kernel tells of its machine; what is not there or not ours to read is null. See proc(5), sysfs(5).
/// </summary>
/// <param name="root">Put before every path; tests have a tree of their own.</param>
internal sealed class KernelFiles(string root = "")
{
    public string Path(string path) => root + path;

    public bool Exists(string path) => System.IO.Path.Exists(Path(path));

    /// <summary>The whole content, without the line feed at its end.</summary>
    public string? TryText(string path)
    {
        try
        {
            return File.ReadAllText(Path(path)).TrimEnd('\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public IReadOnlyList<string> Lines(string path) => TryText(path)?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

    public ulong? TryNumber(string path) =>
        ulong.TryParse(TryText(path), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : null;

    /// <summary>Names of what is in a folder; null if it cannot be read.</summary>
    public IReadOnlyList<string>? TryNames(string path)
    {
        try
        {
            IEnumerable<string> entries = Directory.EnumerateFileSystemEntries(Path(path));
            return [.. entries.Select(entry => System.IO.Path.GetFileName(entry)).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What a symbolic link says; those of /proc need not lead anywhere.</summary>
    public string? TryLink(string path)
    {
        try
        {
            return Files.ReadLink(Path(path));
        }
        catch (SyscallException)
        {
            return null;
        }
    }

    public FileStatus? TryStatus(string path)
    {
        try
        {
            return Files.TryStatus(Path(path));
        }
        catch (SyscallException)
        {
            return null; // a folder above it may not be entered
        }
    }

    /// <summary>All processes that we see.</summary>
    public IEnumerable<int> Pids() => (TryNames("/proc") ?? [])
        .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) ? pid : 0)
        .Where(pid => pid > 0);

    /// <summary>The words of a process's command line; none of a kernel thread or a zombie. See proc_pid_cmdline(5).</summary>
    public string[] CommandLine(int pid) => TryText($"/proc/{pid}/cmdline") is { Length: > 0 } text ? text.TrimEnd('\0').Split('\0') : [];
}
