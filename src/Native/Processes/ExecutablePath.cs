using ShimStack.Native.Files;

namespace ShimStack.Native.Processes;

/// <summary>Finds a program as a shell does.</summary>
public static class ExecutablePath
{
    /// <summary>
    /// <paramref name="name"/> itself if it has a '/' and is an executable file, else the first such file in the directories of
    /// <paramref name="pathVariable"/> (those that are absolute); null if there is none. See access(2), environ(7).
    /// </summary>
    public static string? Find(string name, string? pathVariable)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return IsExecutableFile(name) ? name : null;
        }

        foreach (string directory in (pathVariable ?? "").Split(':'))
        {
            string candidate = $"{directory.TrimEnd('/')}/{name}";
            if (name.Length > 0 && directory.StartsWith('/') && IsExecutableFile(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    private static bool IsExecutableFile(string path) =>
        Native.Files.Files.TryStatus(path) is { Type: FileType.Regular } && LinuxCalls.access(path, LinuxCalls.X_OK) == 0;
}
