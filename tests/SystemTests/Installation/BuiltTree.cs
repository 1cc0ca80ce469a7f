using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Installation;

/// <summary>A source tree whose programs are built, as far as install and package look at it. Another build is one with other bytes.</summary>
internal sealed class BuiltTree : IDisposable
{
    private static readonly string[] Programs = ["shimctl", "shimstackd", "containerd-shim-shimstack-v2", "libe_sqlite3.so"];

    public BuiltTree(string build = "")
    {
        foreach (string name in (string[])["eng", "Directory.Build.props", "README.md"])
        {
            File.CreateSymbolicLink(Path.Combine(Folder, name), Path.Combine(RuntimeUnderTest.RepositoryRoot, name));
        }

        string bin = Directory.CreateDirectory(Path.Combine(Folder, "out/bin")).FullName;
        foreach (string name in Programs)
        {
            DaemonLine.RequireProgram(Path.Combine(RuntimeUnderTest.OwnBinDirectory, name), name);
            ProgramFile.Copy(Path.Combine(RuntimeUnderTest.OwnBinDirectory, name), Path.Combine(bin, name));
        }

        File.AppendAllText(Path.Combine(bin, "libe_sqlite3.so"), build);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("shimstack-tree-").FullName;

    /// <summary>Calls a function of the build's scripts.</summary>
    public Task<CommandResult> CallAsync(string function, params string[] arguments) => Command.RunAsync("bash",
    [
        "-ec",
        "cd \"$1\"; shim=containerd-shim-shimstack-v2; . eng/say.sh; . eng/shim-manual.sh; . eng/install.sh; . eng/package.sh; export PACKAGE_COMPRESSION=none SOURCE_DATE_EPOCH=1700000000; shift; \"$@\"",
        "bash", Folder, function, .. arguments,
    ]);

    /// <summary>Everything below a folder with its type, mode and target, or content.</summary>
    public static async Task<string> SnapshotAsync(string folder) => (await Command.RunAsync("bash",
    [
        "-ec", "cd \"$1\"; find . -path ./var/lib/dpkg -prune -o -printf '%p %y %m %l\\n' | sort; find . -path ./var/lib/dpkg -prune -o -type f -print0 | sort -z | xargs -0r sha256sum", "bash", folder,
    ])).MustSucceed().Output;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
