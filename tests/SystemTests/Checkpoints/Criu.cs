using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Checkpoints;

/// <summary>criu, where `./build.sh deps` has put it: the one of Debian 12 does not know today's kernels. See criu(8).</summary>
internal static class Criu
{
    private static readonly string Folder = Path.Combine(DaemonLine.Cache, "criu/bin");

    /// <summary>What the daemon, and with it the shim and the runtime, has to search first.</summary>
    public static string FirstInPath => $"{Folder}:{RuntimeUnderTest.OwnBinDirectory}";

    /// <summary>Ends the test as skipped, with criu's own words, where it does not work.</summary>
    public static async Task RequireAsync()
    {
        string program = Path.Combine(Folder, "criu");
        Assert.SkipUnless(File.Exists(program), "criu is not there: ./build.sh deps fetches it");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "criu is run by root");
        CommandResult check = await Command.RunAsync(program, ["check"]);
        Assert.SkipWhen(check.ExitCode != 0, $"criu check: {check.Error.Trim()}");
    }
}
