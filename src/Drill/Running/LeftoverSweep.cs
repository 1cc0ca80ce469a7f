using ShimStack.Drill.Record;
using ShimStack.Drill.Targets;
using ShimStack.Native.Files;

namespace ShimStack.Drill.Running;

/// <summary>Looks for what should be gone once all containers are deleted.</summary>
/// <param name="places">Where.</param>
/// <param name="ids">Every container that there ever was.</param>
internal sealed class LeftoverSweep(TargetPlaces places, IReadOnlyList<string> ids)
{
    /// <summary>All of it but processes, which only <see cref="Processes"/> can tell from the daemon's own.</summary>
    /// <param name="daemons">Their pids, for their descriptors.</param>
    public IReadOnlyList<Leak> All(params IEnumerable<int> daemons) =>
    [
        .. ShimProcesses.Of(places, ids).Select(static pid => new Leak("shim", Describe(pid))),
        .. Machine.Mounts(places, ids).Except(places.OwnMounts).Select(static path => new Leak("mount", path)),
        .. ids.Select(places.ShimSocketOf).Where(File.Exists).Select(static path => new Leak("socket", path)),
        .. Machine.Cgroups(places).Select(static path => new Leak("cgroup", path)),
        .. Ours(places, places.Bundles, ids).Select(static path => new Leak("bundle", path)),
        .. Ours(places, Path.Combine(places.RuntimeRoot, places.Namespace), ids).Select(static path => new Leak("runtime state", path)),
        .. Entries(places.Temporary).Select(static path => new Leak("temporary file", path)),
        .. daemons.SelectMany(Descriptors).Select(static path => new Leak("descriptor", path)),
    ];

    /// <summary>With the daemon ended there may be none.</summary>
    public static IReadOnlyList<Leak> Processes() => [.. Machine.Descendants().Select(static pid => new Leak("process", Describe(pid)))];

    /// <summary>
    /// What is in a folder of the namespace: all of it, or, where others are in it, what has an id of ours, also one that is being removed.
    /// </summary>
    public static IReadOnlyList<string> Ours(TargetPlaces places, string folder, IReadOnlyList<string> ids) =>
        [.. Entries(folder).Where(path => !places.IsShared || ids.Contains(Path.GetFileName(path).TrimStart('.')))];

    private static string Describe(int pid) => $"{pid} {string.Join(' ', ShimProcesses.CommandLine(pid) ?? ["(gone)"])}";

    private static string[] Entries(string folder) => Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder) : [];

    // What the daemon holds of containers: streams, bundles, files of theirs. Its database and its log are its own.
    private IEnumerable<string> Descriptors(int daemon)
    {
        foreach (string descriptor in daemon == 0 ? [] : Entries($"/proc/{daemon}/fd"))
        {
            string target;
            try
            {
                target = Files.ReadLink(descriptor);
            }
            catch (Native.SyscallException)
            {
                continue; // Closed meanwhile.
            }

            if (ids.Any(id => target.StartsWith(places.BundleOf(id), StringComparison.Ordinal)) || target.StartsWith(places.Output, StringComparison.Ordinal))
            {
                yield return $"{target}, held by the daemon";
            }
        }
    }
}
