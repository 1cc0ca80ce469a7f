using ShimStack.Native.Files;
using ShimStack.Supervisor.Configuration;

namespace ShimStack.Supervisor.Upgrade;

/// <summary>A copy of the database that another build may try itself on. It is gone when it is disposed of.</summary>
internal sealed class DatabaseCopy : IDisposable
{
    private const int OwnerOnly = 0x180; // 0600
    private static readonly string[] Suffixes = ["", "-wal", "-shm", "-journal"];

    private DatabaseCopy(string path) => Path = path;

    public string Path { get; }

    /// <summary>An empty file, which nobody else can read, in the place of one that was left.</summary>
    public static DatabaseCopy Prepare(SupervisorSettings settings)
    {
        DatabaseCopy copy = new(System.IO.Path.Join(settings.Root, "upgrade-check.db"));
        copy.Dispose();
        using (Files.Open(copy.Path, OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOFOLLOW, OwnerOnly))
        {
            return copy;
        }
    }

    /// <summary>Copies the files of a database that nobody uses.</summary>
    public void TakeFiles(string database)
    {
        foreach (string suffix in Suffixes)
        {
            if (File.Exists(database + suffix))
            {
                File.Copy(database + suffix, Path + suffix, overwrite: true);
            }
        }
    }

    public void Dispose()
    {
        foreach (string suffix in Suffixes)
        {
            Files.TryUnlink(Path + suffix);
        }
    }
}
