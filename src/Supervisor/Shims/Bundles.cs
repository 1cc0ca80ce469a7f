using ShimStack.Supervisor.Configuration;

namespace ShimStack.Supervisor.Shims;

/// <summary>Where bundles are: a folder a namespace, as containerd has it. Contract chapter 1.10.</summary>
internal sealed class Bundles(SupervisorSettings settings)
{
    private const string Plugin = "io.containerd.runtime.v2.task";

    /// <summary>The bundle of a container, there or not. Both names have been checked to be identifiers.</summary>
    public Bundle Of(string nameSpace, string id) => new(
        nameSpace, id, Path.Join(settings.State, Plugin, nameSpace, id), Path.Join(settings.Root, Plugin, nameSpace, id));

    /// <summary>All that are on disk. Names that begin with a dot are half removed; they are removed here.</summary>
    public IEnumerable<Bundle> All()
    {
        foreach (string space in FoldersOf(Path.Join(settings.State, Plugin)))
        {
            foreach (string path in FoldersOf(space))
            {
                string id = Path.GetFileName(path);
                if (id.StartsWith('.'))
                {
                    Directory.Delete(path, recursive: true);
                    continue;
                }

                yield return Of(Path.GetFileName(space), id);
            }
        }
    }

    private static string[] FoldersOf(string path) => Directory.Exists(path) ? Directory.GetDirectories(path) : [];
}
