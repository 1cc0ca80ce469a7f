using ShimStack.Native.Files;
using ShimStack.Supervisor.Configuration;

namespace ShimStack.Supervisor.Introspection;

/// <summary>By what clients know this daemon again after a restart: a UUID in a file below the root, made by the first that asks.</summary>
internal sealed class ServerIdentity(SupervisorSettings settings)
{
    private const string FileName = "uuid";
    private readonly Lock _lock = new();
    private string? _uuid;

    /// <summary>The UUID. A file without one is replaced.</summary>
    public string Uuid
    {
        get
        {
            lock (_lock)
            {
                return _uuid ??= Read(Path.Join(settings.Root, FileName));
            }
        }
    }

    private static string Read(string path)
    {
        if (File.Exists(path) && Guid.TryParseExact(File.ReadAllText(path).Trim(), "D", out Guid found))
        {
            return found.ToString("D");
        }

        string made = Guid.NewGuid().ToString("D");
        File.WriteAllText(path + ".new", made);
        Files.Rename(path + ".new", path);
        return made;
    }
}
