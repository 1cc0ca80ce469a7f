using ShimStack.SystemTests.Daemons;

namespace ShimStack.SystemTests.Docker;

/// <summary>Debian's dockers, where `./build.sh deps` has put them, each to be run over the containerd of its time.</summary>
internal static class DockerLine
{
    /// <summary>Debian 12's: 20.10, over containerd 1.6.</summary>
    public const string Old = "docker-old";

    /// <summary>The newest that Debian carries: 28, over containerd 2.x.</summary>
    public const string New = "docker-new";

    /// <summary>Data of every theory: each test runs against each docker.</summary>
    public static TheoryData<string> All => [Old, New];

    public static string Containerd(string line) => line == Old ? DaemonLine.Debian12 : "2.x";

    public static string Client(string line) => Path.Combine(Root(line), "usr/bin/docker");

    public static string Daemon(string line) => Path.Combine(Root(line), "usr/sbin/dockerd");

    /// <summary>Where dockerd finds docker-init.</summary>
    public static string BinDirectory(string line) => Path.Combine(Root(line), "usr/bin");

    /// <summary>Libraries that the machine may lack.</summary>
    public static string LibraryDirectory(string line) => Path.Combine(Root(line), "lib/x86_64-linux-gnu");

    /// <summary>Ends the test as skipped, or as failed, where this docker is not there.</summary>
    public static void Require(string line) => DaemonLine.RequireProgram(Daemon(line), line);

    private static string Root(string line) => Path.Combine(DaemonLine.Cache, line);
}
