using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Kubernetes;

/// <summary>The shim under test in the place of Debian's, under its name: the daemon treats it in every way as the one it knows.</summary>
internal static class ReferenceName
{
    public const string Binary = "containerd-shim-runc-v2";

    public static async Task RunAsync(string column, Func<Kubelet, Task> test)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("shimstack-name-");
        try
        {
            ProgramFile.Copy(RuntimeUnderTest.Binary(CriLine.Daemon(column)), Path.Combine(folder.FullName, Binary));
            await Kubelet.RunAsync(column, test, RuntimeUnderTest.Reference, folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
