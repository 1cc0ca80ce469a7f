using ShimStack.SystemTests.Compatibility;

namespace ShimStack.SystemTests.VirtualMachines;

/// <summary>
/// What the virtual machines have found. Each test is one of their checks (Guest/); the machines are booted by the first test that asks for one, and keep
/// both processors busy.
/// </summary>
[Collection(nameof(Alone))]
public sealed class VirtualMachineTests
{
    /// <summary>Each machine with each runtime.</summary>
    public static MatrixTheoryData<string, string> All => new([VirtualMachine.CgroupV2, VirtualMachine.Systemd], ["runc", "crun"]);

    [Theory, InlineData(VirtualMachine.CgroupV2), InlineData(VirtualMachine.Systemd)]
    public async Task TheMachineComesToItsEnd(string machine)
    {
        GuestReport report = await VirtualMachine.ReportAsync(machine);
        TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
        report.Assert("daemon");
        Assert.True(report.IsComplete, report.ToString());
    }

    [Fact]
    public async Task ADaemonOfSystemdIsDrilledLive() => (await VirtualMachine.ReportAsync(VirtualMachine.Systemd)).Assert("drill-live");

    [Feature("output and exit code")]
    [Theory, MemberData(nameof(All))]
    public Task OutputAndExitCodeReachTheClient(string machine, string runtime) => AssertAsync(machine, "run", runtime);

    [Feature("limits of memory and CPU")]
    [Theory, MemberData(nameof(All))]
    public Task LimitsAreInTheCgroup(string machine, string runtime) => AssertAsync(machine, "create", runtime);

    [Feature("exec")]
    [Theory, MemberData(nameof(All))]
    public Task ExecRunsBeside(string machine, string runtime) => AssertAsync(machine, "exec", runtime);

    [Feature("exec in a terminal")]
    [Theory, MemberData(nameof(All))]
    public Task ExecInATerminalHasOneOfTheClientsSize(string machine, string runtime) => AssertAsync(machine, "terminal", runtime);

    [Feature("pause and resume")]
    [Theory, MemberData(nameof(All))]
    public Task PauseFreezesTheCgroup(string machine, string runtime) => AssertAsync(machine, "pause", runtime);

    [Feature("update of limits")]
    [Theory, MemberData(nameof(All))]
    public Task UpdateChangesTheLimitsOfMemoryCpuAndPids(string machine, string runtime) => AssertAsync(machine, "update", runtime);

    [Feature("Stats")]
    [Theory, MemberData(nameof(All))]
    public Task StatsAreThoseOfTheCgroup(string machine, string runtime) => AssertAsync(machine, "stats", runtime);

    [Feature("restart of the daemon")]
    [Theory, MemberData(nameof(All))]
    public Task TheContainerSurvivesSigkillOfTheDaemon(string machine, string runtime) => AssertAsync(machine, "restart", runtime);

    [Feature("kill and delete")]
    [Theory, MemberData(nameof(All))]
    public Task KillEndsTheContainerWithItsOwnExitCode(string machine, string runtime) => AssertAsync(machine, "kill", runtime);

    [Feature("nothing is left behind")]
    [Theory, MemberData(nameof(All))]
    public async Task NeitherCgroupNorUnitNorShimIsLeft(string machine, string runtime)
    {
        await AssertAsync(machine, "leftovers", runtime);
        await AssertAsync(machine, "oom-leftovers", runtime);
    }

    [Feature("TaskOOM when a child is killed")]
    [Theory, MemberData(nameof(All))]
    public Task OomOfAChildIsAnnouncedWhileTheContainerRunsOn(string machine, string runtime) => AssertAsync(machine, "oom-child", runtime);

    [Feature("TaskOOM before TaskExit")]
    [Theory, MemberData(nameof(All))]
    public Task OomOfTheContainerIsAnnouncedBeforeItsExit(string machine, string runtime) => AssertAsync(machine, "oom", runtime);

    [Feature("Stats after the exit")]
    [Theory, MemberData(nameof(All))]
    public Task StatsTellOfTheOomAfterTheExit(string machine, string runtime) => AssertAsync(machine, "oom-stats", runtime);

    private static async Task AssertAsync(string machine, string check, string runtime) =>
        (await VirtualMachine.ReportAsync(machine)).Assert($"{check}/{runtime}");
}
