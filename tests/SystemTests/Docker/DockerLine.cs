using ShimStack.SystemTests.Daemons;

namespace ShimStack.SystemTests.Docker;

/// <summary>Debian's dockers, where `./build.sh deps` has put them, each to be run over the containerd of its time and over shimstackd.</summary>
internal static class DockerLine
{
    /// <summary>Debian 12's: 20.10, over containerd 1.6.</summary>
    public const string Old = "docker-old";

    /// <summary>The newest that Debian carries: 28, over containerd 2.x.</summary>
    public const string New = "docker-new";

    // The same dockers with our own supervisor in the place of containerd.
    private const string OverOwn = "-shimstackd";

    /// <summary>Data of every theory: each test runs against each docker, over containerd and over our own supervisor.</summary>
    public static TheoryData<string> All =>
        [.. ((string[])[Old, New, Old + OverOwn, New + OverOwn]).Where(line => DaemonLine.IsChosen(Containerd(line)))];

    /// <summary>Whether it is 20.10, over whatever.</summary>
    public static bool IsOld(string line) => line.StartsWith(Old, StringComparison.Ordinal);

    public static string Containerd(string line) => line switch
    {
        Old => DaemonLine.Debian12,
        New => DaemonLine.Newest,
        _ => DaemonLine.Own,
    };

    public static string Client(string line) => Path.Combine(Root(line), "usr/bin/docker");

    public static string Daemon(string line) => Path.Combine(Root(line), "usr/sbin/dockerd");

    /// <summary>Where dockerd finds docker-init.</summary>
    public static string BinDirectory(string line) => Path.Combine(Root(line), "usr/bin");

    /// <summary>Libraries that the machine may lack.</summary>
    public static string LibraryDirectory(string line) => Path.Combine(Root(line), "lib/x86_64-linux-gnu");

    /// <summary>Ends the test as skipped, or as failed, where this docker is not there.</summary>
    public static void Require(string line) => DaemonLine.RequireProgram(Daemon(line), line);

    private static string Root(string line) => Path.Combine(DaemonLine.Cache, line.Replace(OverOwn, "", StringComparison.Ordinal));
}
