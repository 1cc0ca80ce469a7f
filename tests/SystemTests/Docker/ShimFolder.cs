using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Docker;

/// <summary>A folder for the front of a daemon's PATH: the shim under test under the name of the reference, and under its own.</summary>
internal sealed class ShimFolder : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("shimstack-docker-");

    public ShimFolder(string containerdLine)
    {
        string shim = RuntimeUnderTest.Binary(containerdLine);
        ProgramFile.Copy(shim, System.IO.Path.Combine(Path, "containerd-shim-runc-v2"));
        if (!RuntimeUnderTest.IsReference)
        {
            File.CreateSymbolicLink(System.IO.Path.Combine(Path, System.IO.Path.GetFileName(shim)), shim);
        }
    }

    public string Path => _directory.FullName;

    public void Dispose() => _directory.Delete(recursive: true);
}
