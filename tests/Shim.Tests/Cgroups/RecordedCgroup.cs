using Google.Protobuf;
using ShimStack.Shim.Cgroups;

namespace ShimStack.Shim.Tests.Cgroups;

/// <summary>A cgroup of the fixtures as files in a folder, with what Stats makes of it.</summary>
internal sealed class RecordedCgroup : IDisposable
{
    private readonly string _name;

    private RecordedCgroup(string name)
    {
        _name = name;
        string[] files = File.ReadAllText(Fixture($"{name}.txt")).Split("== ", StringSplitOptions.RemoveEmptyEntries);
        foreach (string file in files)
        {
            int end = file.IndexOf('\n', StringComparison.Ordinal);
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(Folder[file[..end]])!);
            Folder.Write(file[..end], file[(end + 1)..]);
        }
    }

    public TemporaryDirectory Folder { get; } = new();

    public ContainerCgroup Cgroup => _name.EndsWith("v2", StringComparison.Ordinal)
        ? ContainerCgroup.Unified(Folder.Path)
        : ContainerCgroup.Split([.. System.IO.Directory.GetDirectories(Folder.Path).Select(static path => (Path.GetFileName(path), path))]);

    public static RecordedCgroup V1() => new("container-v1");

    public static RecordedCgroup V2() => new("container-v2");

    /// <summary>What Stats makes of it, by the fixture.</summary>
    public T Expected<T>()
        where T : IMessage, new() => JsonParser.Default.Parse<T>(File.ReadAllText(Fixture($"{_name}.json")));

    public void Dispose() => Folder.Dispose();

    private static string Fixture(string name) => Path.Join(AppContext.BaseDirectory, "Cgroups/Fixtures", name);
}
