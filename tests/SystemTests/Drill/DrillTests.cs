using System.Globalization;
using System.Text.Json;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Docker;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Drill;

/// <summary>`shimctl drill` as users run it: nothing may be wrong with our stack, and what is wrong with another must show.</summary>
public sealed class DrillTests
{
    private const int Seed = 71;

    [Theory, InlineData(DaemonLine.Own), InlineData(DaemonLine.Newest)]
    public async Task AStormDoesNoHarm(string line)
    {
        JsonElement drill = await DrillCommand.RunAsync(line, DrillCommand.OwnShim, expected: 0, "storm",
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
        JsonElement drill = await DrillCommand.RunAsync(
            DaemonLine.Own, DrillCommand.OwnShim, expected: 0, "upgrade");
        Assert.Equal("upgrade", drill.GetProperty("scenarios")[0].GetProperty("name").GetString());
        Assert.True(drill.GetProperty("scenarios")[0].GetProperty("holds").GetBoolean());
    }

    [Theory, InlineData(DaemonLine.Own), InlineData(DaemonLine.Newest)]
    public async Task UpgradesAndDeathsOfShimsDoNoHarm(string line)
    {
        JsonElement drill = await DrillCommand.RunAsync(line, DrillCommand.OwnShim, expected: 0, "upgrade-shims");
        Assert.True(drill.GetProperty("scenarios")[0].GetProperty("outputBytes").GetInt64() > 1000);
        if (line == DaemonLine.Own)
        {
            await DrillCommand.RunAsync(line, DrillCommand.OwnShim, expected: 0, "shim");
        }
    }

    [Theory, InlineData(DockerLine.Old), InlineData(DockerLine.New)]
    public async Task DockerShowsTheTrueCodesWhicheverDaemonDies(string line)
    {
        JsonElement drill = await DrillCommand.RunAsync(line, DrillCommand.OwnShim, expected: 0, "away", "ground", "--away", "100ms");
        Assert.Equal(["away", "ground"], drill.GetProperty("scenarios").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task AShimIsDrilledWithoutADaemon()
    {
        JsonElement drill = await DrillCommand.RunAsync(DrillCommand.DirectLine, DrillCommand.OwnShim, expected: 0, "sigkill", "busy", "start", "exec-start");
        Assert.All(drill.GetProperty("scenarios").EnumerateArray(), one => Assert.True(one.GetProperty("outputBytes").GetInt64() > 1000));
    }

    [Theory, InlineData(DaemonLine.Own), InlineData(DaemonLine.Newest), InlineData(DrillCommand.DirectLine)]
    public async Task FullDisksAndBadRuntimesAndLoggersDoNoHarm(string line)
    {
        JsonElement drill = await DrillCommand.RunAsync(line, DrillCommand.OwnShim, expected: 0, "full-disk", "runtime", "logger");
        Assert.Equal(3, drill.GetProperty("scenarios").GetArrayLength());
    }

    // dockerd 20.10 does not answer for a container in which an exec is being started, whatever the shim.
    [Theory, InlineData(DockerLine.Old, "full-disk"), InlineData(DockerLine.New, "full-disk"), InlineData(DockerLine.New, "runtime")]
    public async Task DockerBearsFullDisksAndBadRuntimes(string line, string scenario)
    {
        JsonElement drill = await DrillCommand.RunAsync(line, DrillCommand.OwnShim, expected: 0, scenario);
        Assert.True(drill.GetProperty("scenarios")[0].GetProperty("outputBytes").GetInt64() > 1000);
    }

    [Fact]
    public async Task AnInterruptedDrillLeavesNothing()
    {
        DrillCommand.Require();
        using System.Diagnostics.Process drill = Command
            .Start(DrillCommand.Shimctl, ["drill", "run", "away", "--away", "1h", "--containers", "1", .. DrillCommand.Programs(DaemonLine.Own)]);
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

    // Other drills may run beside this one: a daemon of this one has the folder in its command line.
    private static bool IsOf(int drill, string folder) =>
        ProcessTable.Descendants(drill).Any(pid => ProcessTable.CommandLine(pid)?.Contains(folder, StringComparison.Ordinal) ?? false);
}
