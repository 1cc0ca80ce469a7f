namespace ShimStack.Ctl.Logs;

/// <summary>Where the output of a container goes that nobody sits in front of: a file that its shim writes and rotates. See docs/stdio.md.</summary>
internal static class LogLocation
{
    public const string DefaultFolder = "/var/log/shimstack";

    private const int Files = 5;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The file of a container; its folder is made, for its owner alone.</summary>
    public static string Prepare(string folder, string nameSpace, string id)
    {
        string path = Path.Combine(Path.GetFullPath(folder), nameSpace);
        Directory.CreateDirectory(path, OwnerOnly);
        return Path.Combine(path, id + ".log");
    }

    /// <summary>What the shim is told.</summary>
    public static string Uri(string file) =>
        $"file://{string.Join('/', file.Split('/').Select(System.Uri.EscapeDataString))}?format=json&max-size=10m&max-files={Files}";

    /// <summary>The older ones first.</summary>
    public static IEnumerable<string> Existing(string file) =>
        Enumerable.Range(1, Files - 1).Reverse().Select(number => $"{file}.{number}").Append(file).Where(File.Exists);

    /// <summary>All of a container, and the folder of its namespace if that is empty now.</summary>
    public static void Remove(string file)
    {
        foreach (string path in Existing(file))
        {
            File.Delete(path);
        }

        string? folder = Path.GetDirectoryName(file);
        if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }
}
