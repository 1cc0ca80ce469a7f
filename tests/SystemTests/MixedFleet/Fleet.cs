using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.MixedFleet;

/// <summary>
/// A machine on which the shim behind the name of the reference is exchanged while containers run: a folder that the daemon searches first,
/// with one binary in it. As a package manager does it, a new file takes the place of the old one, which running shims keep.
/// </summary>
internal sealed class Fleet(Stage stage, string folder)
{
    private string Binary => Path.Combine(folder, "containerd-shim-runc-v2");

    public string Reference => Path.Combine(DaemonLine.BinDirectory(stage.Daemon.Line), "containerd-shim-runc-v2");

    /// <summary>The shim under test; with SHIMSTACK_TEST_RUNTIME the reference takes its own place.</summary>
    public string Ours => RuntimeUnderTest.Binary(stage.Daemon.Line);

    /// <summary>Runs a test on such a machine.</summary>
    public static async Task RunAsync(string line, Func<Stage, Fleet, Task> test)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("shimstack-fleet-");
        try
        {
            await Stage.RunAsync(line, stage => test(stage, new Fleet(stage, folder.FullName)), firstInPath: folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The one that every shim and helper is started from, from now on.</summary>
    public void Install(string shim)
    {
        string arriving = Binary + ".new";
        ProgramFile.Copy(shim, arriving);
        File.Move(arriving, Binary, overwrite: true);
    }
}
