using ShimStack.Drill.Targets;

namespace ShimStack.Drill.Running;

/// <summary>
/// The shims of a drill: every daemon gives them its namespace and the container's id as arguments. Contract chapter 1.2.
/// </summary>
internal static class ShimProcesses
{
    private static readonly string[] Actions = ["start", "delete"];

    /// <summary>Pids of the servers, not of the helpers that start and delete them.</summary>
    /// <param name="places">Whose.</param>
    /// <param name="id">The container's; null for all of the namespace.</param>
    public static IReadOnlyList<int> Find(TargetPlaces places, string? id)
    {
        List<int> found = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out int pid) && CommandLine(pid) is string[] words
                && ValueOf(words, "-namespace") == places.Namespace && (id is null || ValueOf(words, "-id") == id)
                    && !Actions.Contains(words[^1]))
            {
                found.Add(pid);
            }
        }

        return found;
    }

    /// <summary>All of the drill.</summary>
    /// <param name="places">Whose.</param>
    /// <param name="ids">Every container that there ever was.</param>
    public static IReadOnlyList<int> Of(TargetPlaces places, IReadOnlyList<string> ids) =>
        places.IsShared ? [.. ids.SelectMany(id => Find(places, id))] : Find(places, null);

    /// <summary>null if it has gone.</summary>
    public static string[]? CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").TrimEnd('\0').Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What stands after a flag; null if it is not there.</summary>
    public static string? ValueOf(string[] words, string flag)
    {
        int at = Array.FindIndex(words, word => word == flag || word == "-" + flag);
        return at >= 0 && at + 1 < words.Length ? words[at + 1] : null;
    }
}
