using ShimStack.SystemTests.Compatibility;

namespace ShimStack.SystemTests.Daemons;

/// <summary>
/// Which shim the tests run: ours, or another one by SHIMSTACK_TEST_RUNTIME. With io.containerd.runc.v2 the same tests run Debian's own shim: a test
/// that passes there and fails here tells of a fault of ours.
/// </summary>
internal static class RuntimeUnderTest
{
    public const string Reference = "io.containerd.runc.v2";

    public static string Name { get; } = Environment.GetEnvironmentVariable("SHIMSTACK_TEST_RUNTIME") ?? "io.containerd.shimstack.v2";

    public static bool IsReference => Name == Reference;

    /// <summary>Where build.sh is.</summary>
    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    /// <summary>The folder that the daemon searches first.</summary>
    public static string OwnBinDirectory { get; } = BrokenShim.IsWanted
        ? BrokenShim.Make(Path.Combine(RepositoryRoot, "out/broken"), Path.Combine(RepositoryRoot, "out/bin/containerd-shim-shimstack-v2"))
        : Path.Combine(RepositoryRoot, "out/bin");

    /// <summary>The path of the binary that a daemon of this line starts for <see cref="Name"/>.</summary>
    public static string Binary(string line)
    {
        string[] parts = Name.Split('.');
        return Path.Combine(IsReference ? DaemonLine.BinDirectory(line) : OwnBinDirectory, $"containerd-shim-{parts[^2]}-{parts[^1]}");
    }

    private static string FindRepositoryRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ShimStack.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("ShimStack.sln is in no folder above the tests");
        }

        return folder;
    }
}
