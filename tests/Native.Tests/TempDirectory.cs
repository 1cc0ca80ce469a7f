namespace ShimStack.NativeTests;

/// <summary>A directory that goes away with all that is in it.</summary>
internal sealed class TempDirectory : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("shimstack-").FullName;

    internal string this[string name] => $"{Path}/{name}";

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
