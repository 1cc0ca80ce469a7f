using System.Text.Json;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Docker;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Drill;

/// <summary>`shimctl drill run`, as it is typed.</summary>
internal static class DrillCommand
{
    /// <summary>No daemon but the drill itself.</summary>
    public const string DirectLine = "shim";

    public static string Shimctl => Path.Combine(RuntimeUnderTest.RepositoryRoot, "out/bin/shimctl");

    public static string OwnShim => RuntimeUnderTest.OwnBinDirectory + "/containerd-shim-shimstack-v2";

    public static string ReferenceShim => DaemonLine.BinDirectory(DaemonLine.Newest) + "/containerd-shim-runc-v2";

    public static void Require() => DaemonLine.RequireProgram(Shimctl, "shimctl");

    /// <summary>A drill of three containers to its end.</summary>
    public static async Task<JsonElement> RunAsync(string line, string shim, int expected, params string[] arguments)
    {
        Require();
        RequireDaemon(line);
        CommandResult result = await Command
            .RunAsync(Shimctl, ["drill", "run", .. arguments, "--containers", "3", "--shim", shim, "--json", .. Programs(line)]);
        Assert.True(result.ExitCode == expected, $"exit code {result.ExitCode}: {result.Output}{result.Error}");
        return JsonDocument.Parse(result.Output).RootElement;
    }

    /// <summary>The options that name the target.</summary>
    public static string[] Programs(string line) => line switch
    {
        DaemonLine.Own => ["--target", "shimstack"],
        DockerLine.Old or DockerLine.New =>
        [
            "--target", $"docker:{DockerLine.Daemon(line)}", "--containerd", Containerd(DockerLine.Containerd(line)),
        ],
        DirectLine => ["--target", $"shim:{OwnShim}"],
        _ => ["--target", $"containerd:{Containerd(line)}"],
    };

    private static void RequireDaemon(string line)
    {
        if (line is DockerLine.Old or DockerLine.New)
        {
            DockerLine.Require(line);
            DaemonLine.Require(DockerLine.Containerd(line));
        }
        else if (line != DirectLine)
        {
            DaemonLine.Require(line);
        }
    }

    private static string Containerd(string line) => Path.Combine(DaemonLine.BinDirectory(line), "containerd");
}
