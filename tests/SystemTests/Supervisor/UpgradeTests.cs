using System.Text.Json;
using Grpc.Core;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Ctl;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Events;
using ShimStack.Wire.Tasks;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>Another build of shimstackd takes the place of the running one: what stays, and what clients see.</summary>
public sealed class UpgradeTests
{
    private static readonly string[] Sleep = ["/bin/sleep", "1000"];

    [Theory, InlineData(DaemonLine.Own), Feature("upgrade of the daemon: a wait and a subscription end with Unavailable and are taken up again; the process stays")]
    public Task LongCallsAreTakenUpAgain(string line) => Stage.RunAsync(line, async stage =>
    {
        UpgradeBuilds builds = await UpgradeBuilds.MakeAsync(stage);
        Container container = await Container.RunAsync(stage, "c1", Sleep);
        Task<StatusCode> wait = StatusOfAsync(container.WaitAsync());
        using AsyncServerStreamingCall<Envelope> events = stage.Client.Events.Subscribe(new SubscribeRequest());
        await events.ResponseHeadersAsync;
        Task<StatusCode> subscription = StatusOfAsync(events.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        await builds.UpgradeAsync(builds.Second);
        Assert.Equal((StatusCode.Unavailable, StatusCode.Unavailable), (await wait, await subscription));
        Assert.Equal(builds.OtherVersion, stage.Client.Version());
        using EventLog log = await EventLog.FollowAsync(stage);
        await container.EndAsync();
        await log.WaitForAsync(told => told.Any(e => e.Topic == "/tasks/exit"), "the exit");
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl run, wait, events across an upgrade of the daemon")]
    public Task TheClientGoesOn(string line) => Stage.RunAsync(line, async stage =>
    {
        UpgradeBuilds builds = await UpgradeBuilds.MakeAsync(stage);
        stage.Remember("c1");
        using System.Diagnostics.Process events = Command.Start(CtlStage.Program, stage.Ctr.Connected(["events", "--since", "0"]));
        string[] run = ["run", "--rm", "--name", "c1", stage.Rootfs, "sh", "-c", "echo begun; while [ ! -e /go ]; do usleep 5000; done; echo done; exit 23"];
        Task<CommandResult> running = Command.RunAsync(CtlStage.Program, stage.Ctr.Connected(run));
        await ReadToAsync(events, "/tasks/start");
        Task<CommandResult> wait = Command.RunAsync(CtlStage.Program, stage.Ctr.Connected(["wait", "c1"]));
        await builds.UpgradeAsync(builds.Second);
        await builds.UpgradeAsync(builds.First);
        await File.WriteAllTextAsync(Path.Combine(stage.Rootfs, "go"), "");
        CommandResult result = await running;
        Assert.Equal((23, "begun\ndone\n"), (result.ExitCode, result.Output));
        Assert.Equal("23\n", (await wait).MustSucceed().Output);
        await ReadToAsync(events, "/tasks/exit");
        events.Kill();
        await events.WaitForExitAsync(TestContext.Current.CancellationToken);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("upgrade of the daemon: no descriptor is left behind, no lock is lost")]
    public Task NothingGathers(string line) => Stage.RunAsync(line, async stage =>
    {
        UpgradeBuilds builds = await UpgradeBuilds.MakeAsync(stage);
        await builds.UpgradeAsync(builds.First);
        int pid = stage.Daemon.Pid;
        await SettledAsync(stage);
        string[] before = [.. ProcessTable.OpenPaths(pid).Order()];
        for (int i = 0; i < 3; i++)
        {
            await builds.UpgradeAsync(builds.Second);
            await builds.UpgradeAsync(builds.First);
        }

        await SettledAsync(stage);
        await Until.TrueAsync(() => ProcessTable.OpenPaths(pid).Count == before.Length, $"{before.Length} descriptors: {string.Join(' ', ProcessTable.OpenPaths(pid).Order())}");
        Assert.Equal("shimstackd", (await File.ReadAllTextAsync($"/proc/{pid}/comm")).Trim());
        CommandResult second = await Command.RunAsync(builds.First, ["--config", Path.Combine(stage.Directory, "shimstackd.toml")]);
        Assert.Equal((69, $"shimstackd: another shimstackd serves on {stage.Daemon.Address}: stop it, or choose another --address\n"), (second.ExitCode, second.Error));
        Assert.False(File.Exists(Path.Combine(stage.Directory, "root", "upgrade-check.db")));
    });

    [Theory, InlineData(DaemonLine.Own), Feature("upgrade of the daemon: the other build buries what dies under it, and leaves no zombie")]
    public Task TheOtherBuildReaps(string line) => Stage.RunAsync(line, async stage =>
    {
        UpgradeBuilds builds = await UpgradeBuilds.MakeAsync(stage);
        Container container = await Container.RunAsync(stage, "c1", Sleep);
        await builds.UpgradeAsync(builds.Second);
        Task<uint> exit = container.WaitAsync();
        await stage.LoseShimAsync();
        Assert.Equal(137u, await exit);
        await builds.UpgradeAsync(builds.First);
        Assert.Empty((await stage.Client.Tasks.ListAsync(new ListTasksRequest())).Tasks);
        Assert.DoesNotContain(stage.Guard.Pids(), pid => File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal));
        await container.DeleteRecordAsync();
    });

    [Theory, InlineData(DaemonLine.Debian12), InlineData(DaemonLine.Debian13), InlineData(DaemonLine.Newest)]
    [Feature("containerd's own shim under shimstackd: outlives upgrades of the daemon, with its wait")]
    public Task TheReferenceShimOutlivesIt(string line)
    {
        DaemonLine.Require(line);
        ContainerSettings settings = new() { Shim = Path.Combine(DaemonLine.BinDirectory(line), "containerd-shim-runc-v2") };
        return Stage.RunAsync(DaemonLine.Own, async stage =>
        {
            UpgradeBuilds builds = await UpgradeBuilds.MakeAsync(stage);
            Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", "trap 'exit 42' TERM; echo ready; while :; do usleep 10000; done"], settings);
            await Until.TrueAsync(() => container.Output!.Text == "ready\n", "the container is ready");
            Task<CommandResult> wait = Command.RunAsync(CtlStage.Program, stage.Ctr.Connected(["wait", "c1"]));
            await builds.UpgradeAsync(builds.Second);
            await builds.UpgradeAsync(builds.First);
            using EventLog log = await EventLog.FollowAsync(stage);
            await container.KillAsync(15);
            Assert.Equal("42\n", (await wait).MustSucceed().Output);
            await log.WaitForAsync(events => events.Any(e => e.Topic == "/tasks/exit"), "the exit");
            Assert.Equal(42u, await container.DeleteAsync());
        });
    }

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl upgrade daemon: what is installed by default, said in one sentence")]
    public Task TheInstalledBuildIsTheDefault(string line) => Stage.RunAsync(line, async stage =>
    {
        UpgradeBuilds builds = await UpgradeBuilds.MakeAsync(stage);
        JsonElement outcome = await builds.UpgradeAsync(builds.Second);
        Assert.Equal(builds.Version, outcome.GetProperty("from").GetProperty("version").GetString());
        string installed = Path.Combine(RuntimeUnderTest.OwnBinDirectory, "shimstackd");
        CommandResult back = (await builds.CallAsync()).MustSucceed();
        Assert.Matches(
            $"^upgraded from {builds.OtherVersion} \\({builds.Second}\\) to {builds.Version} \\({installed}\\): same process {stage.Daemon.Pid}, no answer for [0-9]+ ms\n$",
            back.Output);
        Assert.Equal(installed, ProcessTable.Executable(stage.Daemon.Pid));
    });

    // The connection of the call that asked for the upgrade, and those of recovery, are gone. What stays are three sockets that listen, three times each.
    private static Task SettledAsync(Stage stage) => Until.TrueAsync(
        () => ProcessTable.OpenPaths(stage.Daemon.Pid).Count(path => path.Contains("socket:", StringComparison.Ordinal)) <= 11, "connections have ended");

    private static async Task ReadToAsync(System.Diagnostics.Process events, string topic)
    {
        while (!(await events.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!.Contains($" {topic} ", StringComparison.Ordinal))
        {
            // What comes before is of no concern.
        }
    }

    private static async Task<StatusCode> StatusOfAsync<T>(Task<T> call)
    {
        try
        {
            await call;
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }
}
