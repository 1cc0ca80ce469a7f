namespace ShimStack.Shim.Tests;

/// <summary>
/// A directory of one test; gone with everything in it at the end. Nothing may be mounted in it then (see MountDirectory).
/// </summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("shimstack-").FullName;

    /// <summary>The path of something in the directory.</summary>
    public string this[string name] => $"{Path}/{name}";

    /// <summary>Makes a file.</summary>
    public string Write(string name, string content)
    {
        File.WriteAllText(this[name], content);
        return this[name];
    }

    /// <summary>Makes a directory.</summary>
    public string Make(string name) => Directory.CreateDirectory(this[name]).FullName;

    /// <summary>Makes a shell script.</summary>
    public string WriteScript(string name, string body)
    {
        Write(name, "#!/bin/sh\n" + body + "\n");
        Native.Files.Files.SetMode(this[name], 0x1C0);
        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
