using ShimStack.Ctl.Streams;

namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>
/// FIFOs of shimctls that are dead, for processes that are gone: no container that the daemon knows, and nobody has them open.
/// </summary>
internal sealed class StreamLeftoverCheck : ICheck
{
    public string Name => "left: streams";

    public Finding Look(Patient patient)
    {
        if (!patient.Daemon.Answers)
        {
            return Finding.NotLookedFor("streams of dead shimctls");
        }

        string root = StdioFolder.Root;
        HashSet<string> known = [.. patient.Daemon.Containers.Select(name => name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..])];
        IEnumerable<string> unknown = (patient.Kernel.TryNames(root) ?? []).Where(name => !known.Contains(ContainerOf(name)));
        List<string> candidates = [.. unknown.Select(name => $"{root}/{name}")];
        if (candidates.Count > 0)
        {
            HashSet<string> open = OpenFolders(patient, root);
            candidates.RemoveAll(open.Contains);
        }

        return candidates.Count == 0
            ? Finding.Ok($"every folder in {root} is in use")
            : Finding.Warning(
                $"nobody uses {Finding.Some(candidates)}",
                $"rm -r {candidates[0]}{(candidates.Count > 1 ? ", and so on" : "")}");
    }

    // "web-0123abcd" is of web.
    private static string ContainerOf(string folder) => folder[..Math.Max(0, folder.LastIndexOf('-'))];

    private static HashSet<string> OpenFolders(Patient patient, string root) =>
    [
        .. patient.Kernel.Pids()
            .SelectMany(pid => (patient.Kernel.TryNames($"/proc/{pid}/fd") ?? []).Select(descriptor => $"/proc/{pid}/fd/{descriptor}"))
            .Select(patient.Kernel.TryLink)
            .OfType<string>()
            .Where(target => target.StartsWith(root + "/", StringComparison.Ordinal))
            .Select(target => Path.GetDirectoryName(target)!),
    ];
}
