namespace ShimStack.SystemTests.Daemons;

/// <summary>The containerds of Debian that the tests run against, by line, where `./build.sh deps` has put them.</summary>
internal static class DaemonLine
{
    public const string Debian12 = "1.6";
    public const string Debian13 = "1.7";
    public const string Newest = "2.x";

    /// <summary>No containerd: our own supervisor, driven by the clients of <see cref="Newest"/>.</summary>
    public const string Own = "shimstackd";

    /// <summary>Where `./build.sh deps` puts what it fetches.</summary>
    public static string Cache { get; } = Environment.GetEnvironmentVariable("SHIMSTACK_CACHE") ?? "/var/cache/shimstack";

    /// <summary>Data of every theory: each test runs against each line.</summary>
    public static TheoryData<string> All => Chosen(Debian12, Debian13, Newest, Own);

    /// <summary>For what only a containerd has: images, Kubernetes, another version's ways.</summary>
    public static TheoryData<string> Containerds => Chosen(Debian12, Debian13, Newest);

    public static string BinDirectory(string line)
    {
        // A link to / stands for the machine's own containerd.
        string root = Path.Combine(Cache, $"containerd-{(line == Own ? Newest : line)}");
        return Path.Combine(Directory.ResolveLinkTarget(root, returnFinalTarget: true)?.FullName ?? root, "usr/bin");
    }

    /// <summary>Ends the test as skipped where the line cannot be had; as failed where it must be there (SHIMSTACK_REQUIRE=system).</summary>
    public static void Require(string line) => RequireProgram(Path.Combine(BinDirectory(line), "containerd"), $"containerd {line}");

    /// <summary>The same for any program that deps fetches.</summary>
    public static void RequireProgram(string program, string name)
    {
        if (Environment.GetEnvironmentVariable("SHIMSTACK_REQUIRE") == "system")
        {
            Assert.True(File.Exists(program), $"{program} is missing, and SHIMSTACK_REQUIRE=system says that it may not be: ./build.sh deps");
        }

        Assert.SkipUnless(File.Exists(program), $"{name} is not there: ./build.sh deps fetches it into {Cache}");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "containers are run by root");
    }

    /// <summary>SHIMSTACK_TEST_LINE narrows a run to one line.</summary>
    public static bool IsChosen(string line) => Environment.GetEnvironmentVariable("SHIMSTACK_TEST_LINE") is not string only || line == only;

    private static TheoryData<string> Chosen(params string[] lines) => [.. lines.Where(IsChosen)];
}
