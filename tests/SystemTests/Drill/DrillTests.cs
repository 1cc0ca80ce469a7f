using System.Globalization;
using System.Text.Json;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Drill;

/// <summary>`shimctl drill` as users run it: nothing may be wrong with our stack, and what is wrong with another must show.</summary>
public sealed class DrillTests
{
    private const int Seed = 71;

    private static string Shimctl => Path.Combine(RuntimeUnderTest.RepositoryRoot, "out/bin/shimctl");

    [Theory, InlineData(DaemonLine.Own), InlineData(DaemonLine.Newest)]
    public async Task AStormDoesNoHarm(string line)
    {
        JsonElement drill = await RunAsync(line, RuntimeUnderTest.OwnBinDirectory + "/containerd-shim-shimstack-v2", expected: 0, "storm",
            "--seed", Seed.ToString(CultureInfo.InvariantCulture));
        JsonElement storm = drill.GetProperty("scenarios")[0];
        Assert.Equal("storm", storm.GetProperty("name").GetString());
        Assert.InRange(storm.GetProperty("kills").GetInt32(), 4, 20);
        Assert.True(storm.GetProperty("outputBytes").GetInt64() > 10_000, storm.GetRawText());
        Assert.True(storm.GetProperty("exitEvents").GetInt32() >= storm.GetProperty("processes").GetInt32(), storm.GetRawText());
    }

    [Fact]
    public async Task AnUpgradeAndTheWayBackDoNoHarm()
    {
        JsonElement drill = await RunAsync(
            DaemonLine.Own, RuntimeUnderTest.OwnBinDirectory + "/containerd-shim-shimstack-v2", expected: 0, "upgrade");
        Assert.Equal("upgrade", drill.GetProperty("scenarios")[0].GetProperty("name").GetString());
        Assert.True(drill.GetProperty("scenarios")[0].GetProperty("holds").GetBoolean());
    }

    // The reference answers Pids with nothing once its container has ended: a containerd from 1.7 on takes that for a leak.
    [Fact]
    public async Task AnExitThatTheReferenceShimLosesIsCaught()
    {
        JsonElement drill = await RunAsync(DaemonLine.Newest, DaemonLine.BinDirectory(DaemonLine.Newest) + "/containerd-shim-runc-v2",
            expected: 1, "away", "--away", "10ms");
        string[] caught = [.. drill.GetProperty("scenarios")[0].GetProperty("violations").EnumerateArray()
            .Select(violation => $"{violation.GetProperty("subject").GetString()} {violation.GetProperty("invariant").GetString()}")];
        Assert.Contains("ends-1-0 waits", caught);
        Assert.Contains("killed-1-1 waits", caught);
    }

    [Fact]
    public async Task AnInterruptedDrillLeavesNothing()
    {
        DaemonLine.RequireProgram(Shimctl, "shimctl");
        using System.Diagnostics.Process drill = Command
            .Start(Shimctl, ["drill", "run", "away", "--away", "1h", "--containers", "1", .. Programs(DaemonLine.Own)]);
        string folder = "";
        while (await drill.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is string line
            && !line.Contains("let everything go on", StringComparison.Ordinal))
        {
            folder = Directory.GetDirectories("/tmp", "drill-*").FirstOrDefault(path => IsOf(drill.Id, path)) ?? folder;
        }

        Assert.NotEqual("", folder);
        int[] processes = [.. ProcessTable.Descendants(drill.Id)];
        Assert.NotEmpty(processes);
        using System.Diagnostics.Process kill = Command.Start("kill", ["-INT", drill.Id.ToString(CultureInfo.InvariantCulture)]);
        await drill.WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(130, drill.ExitCode);
        Assert.False(Directory.Exists(folder), folder);
        Assert.DoesNotContain(processes, ProcessTable.Exists);
        Assert.Empty(Leftovers.MountsBelow(folder));
        Assert.DoesNotContain(Directory.GetDirectories("/sys/fs/cgroup").Select(path => Path.Combine(path, Path.GetFileName(folder))),
            Directory.Exists);
    }

    private static async Task<JsonElement> RunAsync(string line, string shim, int expected, params string[] arguments)
    {
        DaemonLine.Require(line);
        DaemonLine.RequireProgram(Shimctl, "shimctl");
        CommandResult result = await Command
            .RunAsync(Shimctl, ["drill", "run", .. arguments, "--containers", "3", "--shim", shim, "--json", .. Programs(line)]);
        Assert.True(result.ExitCode == expected, $"exit code {result.ExitCode}: {result.Output}{result.Error}");
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private static string[] Programs(string line) => line == DaemonLine.Own
        ? ["--target", "shimstack"]
        : ["--target", "containerd", "--containerd", Path.Combine(DaemonLine.BinDirectory(line), "containerd")];

    // Other drills may run beside this one: a daemon of this one has the folder in its command line.
    private static bool IsOf(int drill, string folder) =>
        ProcessTable.Descendants(drill).Any(pid => ProcessTable.CommandLine(pid)?.Contains(folder, StringComparison.Ordinal) ?? false);
}
