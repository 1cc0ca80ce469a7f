using Grpc.Core;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Containers;
using ShimStack.Wire.Tasks;
using Container = ShimStack.SystemTests.Containers.Container;
using Status = ShimStack.Wire.Tasks.Status;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>Shims that are broken, ids and specs that cannot be, folders that are nobody's: a clear error, nothing left, other containers untouched.</summary>
public sealed class BadInputTests
{
    private static readonly string[] Sleep = ["/bin/sleep", "1000"];
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Theory, InlineData(DaemonLine.Own), Feature("a shim that prints garbage is refused with a short reason")]
    public Task AStartThatPrintsGarbage(string line) => Stage.RunAsync(line, async stage =>
    {
        RpcException failure = await FailAsync(stage, "head -c 300000 /dev/zero | tr '\\0' x");
        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
        Assert.Contains("only unix sockets are supported", failure.Status.Detail, StringComparison.Ordinal);
        Assert.InRange(failure.Status.Detail.Length, 1, 5000);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("a shim that fails with much to say is refused with the end of what it said")]
    public Task AStartThatFailsLoudly(string line) => Stage.RunAsync(line, async stage =>
    {
        RpcException failure = await FailAsync(stage, "head -c 300000 /dev/zero | tr '\\0' x; echo; echo 'the reason' >&2; exit 3");
        Assert.Equal(StatusCode.Unknown, failure.StatusCode);
        Assert.EndsWith("the reason: exit status 3", failure.Status.Detail, StringComparison.Ordinal);
        Assert.InRange(failure.Status.Detail.Length, 1, 5000);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("a shim that does not listen where it says is Unavailable")]
    public Task AStartThatPrintsAnAddressOfNobody(string line) => Stage.RunAsync(line, async stage =>
    {
        RpcException failure = await FailAsync(stage, $"printf unix://{stage.Directory}/nobody.sock");
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Contains($"does not listen on unix://{stage.Directory}/nobody.sock", failure.Status.Detail, StringComparison.Ordinal);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("a shim whose address is too long is refused with a reason")]
    public Task AStartThatPrintsALongAddress(string line) => Stage.RunAsync(line, async stage =>
    {
        RpcException failure = await FailAsync(stage, $"printf unix:///{new string('a', 200)}");
        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
        Assert.Contains("longer than", failure.Status.Detail, StringComparison.Ordinal);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("a shim whose start hangs is killed when the caller's time is over")]
    public Task AStartThatHangs(string line) => Stage.RunAsync(line, async stage =>
    {
        RpcException failure = await FailAsync(stage, "exec sleep 1000", 300);
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        await Until.TrueAsync(() => !stage.Guard.Processes().Any(process => process.Contains("sleep 1000", StringComparison.Ordinal)), "it is killed", Soon);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("a shim whose start leaves its output open does not outlast the caller's time")]
    public Task AStartWhoseOutputStaysOpen(string line) => Stage.RunAsync(line, async stage =>
    {
        RpcException failure = await FailAsync(stage, "sleep 3 & exit 0", 300);
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("a spec that is no JSON, or empty, is refused with a reason")]
    public Task ABrokenSpec(string line) => Stage.RunAsync(line, async stage =>
    {
        foreach (string spec in (string[])["", "{", "[]", "{\"annotations\": 7}", new string('[', 100_000)])
        {
            Wire.Containers.Container record = new()
            {
                Id = "c1",
                Runtime = new Wire.Containers.Container.Types.Runtime { Name = RuntimeUnderTest.Name },
                Spec = new Google.Protobuf.WellKnownTypes.Any { TypeUrl = "spec", Value = Google.Protobuf.ByteString.CopyFromUtf8(spec) },
            };
            await stage.Client.Containers.CreateAsync(new CreateContainerRequest { Container = record });
            RpcException failure = await Assert.ThrowsAsync<RpcException>(async () =>
                await stage.Client.Tasks.CreateAsync(
                    new CreateTaskRequest { ContainerId = "c1" }, deadline: DateTime.UtcNow.AddSeconds(20), cancellationToken: TestContext.Current.CancellationToken));
            Assert.Equal(StatusCode.Unknown, failure.StatusCode);
            Assert.NotEmpty(failure.Status.Detail);
            await GoneAsync(stage, "c1");
            await stage.Client.Containers.DeleteAsync(new DeleteContainerRequest { Id = "c1" });
        }

        stage.Remember("c1");
    });

    [Theory, InlineData(DaemonLine.Own), Feature("ids that would leave their folder are refused")]
    public Task AnIdIsNoPath(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", Sleep);
        foreach (string id in (string[])["", "../c2", "a/b", "..", ".", "a\0b", "a b", "ü", new string('a', 77)])
        {
            Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => container.AddExecAsync(id, "/bin/true"))).StatusCode);
            Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(async () =>
                await stage.Client.Tasks.CreateAsync(
                    new CreateTaskRequest { ContainerId = id }, cancellationToken: TestContext.Current.CancellationToken))).StatusCode);
        }

        await container.EndAsync();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("restart: a folder that cannot be removed or read holds up nobody")]
    public Task ABundleThatIsNobodys(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", Sleep);
        await stage.Daemon.KillAsync();
        string bundles = Path.Combine(stage.Daemon.State, "io.containerd.runtime.v2.task", stage.Namespace);
        string data = Path.Combine(bundles, "nobodys", "rootfs", "data");
        Directory.CreateDirectory(Path.GetDirectoryName(data)!);
        await File.WriteAllTextAsync(data, "somebody's");
        Directory.CreateDirectory(Path.Combine(bundles, "newer"));
        await File.WriteAllTextAsync(Path.Combine(bundles, "newer", "shim-binary-path"), "/bin/false");
        await File.WriteAllTextAsync(Path.Combine(bundles, "newer", "bootstrap.json"), """{"version":9,"address":"unix:///nowhere","protocol":"ttrpc"}""");
        await stage.Daemon.StartAsync();
        Assert.Equal(Status.Running, (await container.StateAsync()).Status);
        await container.EndAsync();
        Assert.Equal("somebody's", await File.ReadAllTextAsync(data)); // in a root file system: it may be a mount's
        Directory.Delete(Path.Combine(bundles, "nobodys"), recursive: true);
        Directory.Delete(Path.Combine(bundles, "newer"), recursive: true);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("the daemon's own environment does not send a shim's events elsewhere")]
    public Task AnInheritedAddressIsNotPassedOn(string line) => Stage.RunAsync(line, async stage =>
    {
        using EventLog log = await EventLog.FollowAsync(stage);
        Container container = await Container.RunAsync(stage, "c1", Sleep);
        await container.EndAsync();
        await log.WaitForAsync(events => events.Any(e => e.Topic == "/tasks/delete"), "the events");
        Assert.Equal(["create", "start", "exit", "delete"], log.Story("c1"));
    }, daemonPrefix: "env TTRPC_ADDRESS=/nowhere NAMESPACE=elsewhere");

    // Create with a shim that is this script for "start", and does nothing for all else; then the id is free again.
    private static async Task<RpcException> FailAsync(Stage stage, string start, int milliseconds = 20_000)
    {
        string shim = Path.Combine(stage.Directory, "fake-shim");
        ProgramFile.Write(shim, $"#!/bin/sh\nfor last; do :; done\n[ \"$last\" = start ] || exit 0\n{start}\n");
        Container container = await Container.RecordAsync(stage, "c1", Sleep, new ContainerSettings { Shim = shim, Output = false });
        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () =>
            await stage.Client.Tasks.CreateAsync(
                new CreateTaskRequest { ContainerId = "c1" }, deadline: DateTime.UtcNow.AddMilliseconds(milliseconds), cancellationToken: TestContext.Current.CancellationToken));
        await GoneAsync(stage, "c1");
        await container.DeleteRecordAsync();
        Container good = await Container.RunAsync(stage, "c1", Sleep);
        await good.EndAsync();
        return failure;
    }

    private static Task GoneAsync(Stage stage, string id) => Until.TrueAsync(
        () => !Directory.Exists(Path.Combine(stage.Daemon.State, "io.containerd.runtime.v2.task", stage.Namespace, id))
            && stage.Client.Tasks.List(new ListTasksRequest()).Tasks.Count == 0, "nothing is left of it", Soon);
}
