using System.Diagnostics;
using Grpc.Core;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Events;
using ShimStack.Wire.Tasks;
using Status = ShimStack.Wire.Tasks.Status;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>Calls that meet the end of a task, and the end of the daemon itself.</summary>
[Collection(nameof(Alone))]
public sealed class EndTests
{
    private static readonly string[] Sleep = ["/bin/sleep", "1000"];

    [Theory, InlineData(DaemonLine.Own), Feature("a delete whose client goes away leaves no task that cannot be deleted")]
    public Task ADeleteThatIsCutCanBeRepeated(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/true"]);
        await container.WaitAsync();
        int shim = Assert.Single(stage.Shims());
        await SignalAsync(shim, "STOP");
        RpcException cut = await Assert.ThrowsAsync<RpcException>(async () =>
            await stage.Client.Tasks.DeleteAsync(
                new DeleteTaskRequest { ContainerId = "c1" }, deadline: DateTime.UtcNow.AddMilliseconds(300), cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.DeadlineExceeded, cut.StatusCode);
        await SignalAsync(shim, "CONT");
        StatusCode again = await StatusOfAsync(stage.Client.Tasks.DeleteAsync(new DeleteTaskRequest { ContainerId = "c1" }));
        Assert.Contains(again, (StatusCode[])[StatusCode.OK, StatusCode.NotFound]);
        await Until.TrueAsync(() => stage.Shims().Count == 0, "the shim has ended");
        Assert.Empty((await stage.Client.Tasks.ListAsync(new ListTasksRequest())).Tasks);
        await container.DeleteRecordAsync();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("two deletes at once of what runs: both are refused, neither says that it is gone")]
    public Task TwoDeletesAtOnceAgree(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", Sleep);
        int shim = Assert.Single(stage.Shims());
        await SignalAsync(shim, "STOP"); // so that both are on their way
        Task<StatusCode> first = StatusOfAsync(stage.Client.Tasks.DeleteAsync(new DeleteTaskRequest { ContainerId = "c1" }));
        Task<StatusCode> second = StatusOfAsync(stage.Client.Tasks.DeleteAsync(new DeleteTaskRequest { ContainerId = "c1" }));
        await Task.WhenAny(first, second, Task.Delay(200));
        await SignalAsync(shim, "CONT");
        Assert.DoesNotContain(StatusCode.NotFound, await Task.WhenAll(first, second));
        await container.EndAsync();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("SIGTERM: open calls do not hold it up, containers live on")]
    public Task OpenCallsDoNotHoldUpTheEnd(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", Sleep);
        Task<StatusCode> wait = StatusOfAsync(stage.Client.Tasks.WaitAsync(new WaitRequest { ContainerId = "c1" }));
        using AsyncServerStreamingCall<Envelope> events = stage.Client.Events.Subscribe(new SubscribeRequest());
        await events.ResponseHeadersAsync;
        int pid = stage.Daemon.Pid;
        Stopwatch watch = Stopwatch.StartNew();
        await SignalAsync(pid, "TERM");
        Assert.Equal(StatusCode.Unavailable, await wait);
        await Until.TrueAsync(() => !ProcessTable.Runs(pid), "the daemon has ended", TimeSpan.FromSeconds(60));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3), $"the end took {watch.Elapsed}");
        await stage.Daemon.StopAsync(); // reaps it
        await stage.Daemon.StartAsync();
        Assert.Equal((Status.Running, (uint)container.Pid), ((await container.StateAsync()).Status, (await container.StateAsync()).Pid));
        await container.EndAsync();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("metrics: a stuck shim does not hold up those of others")]
    public Task MetricsDoNotWaitForAStuckShim(string line) => Stage.RunAsync(line, async stage =>
    {
        Container stuck = await Container.RunAsync(stage, "stuck", Sleep);
        int shim = Assert.Single(stage.Shims());
        Container other = await Container.RunAsync(stage, "other", Sleep);
        await SignalAsync(shim, "STOP");
        MetricsResponse metrics = await stage.Client.Tasks.MetricsAsync(
            new MetricsRequest(), deadline: DateTime.UtcNow.AddSeconds(10), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("other", Assert.Single(metrics.Metrics).Id);
        await SignalAsync(shim, "CONT");
        await stuck.EndAsync();
        await other.EndAsync();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("creates that are cut at any moment leave nothing: no shim, no process, no mount")]
    public Task CreatesThatAreCutLeaveNothing(string line) => Stage.RunAsync(line, async stage =>
    {
        for (int i = 0; i < 24; i++)
        {
            Container container = await Container.RecordAsync(stage, $"c{i}", Sleep);
            CreateTaskRequest request = new()
            {
                ContainerId = $"c{i}",
                Rootfs = { new Mount { Type = "bind", Source = stage.Rootfs, Options = { "rbind", "rw" } } },
                Options = RuntimeOptions.Usual(stage, ""),
            };
            StatusCode created = await StatusOfAsync(stage.Client.Tasks.CreateAsync(request, deadline: DateTime.UtcNow.AddMilliseconds(2 + (i * 3))));
            await Until.TrueAsync(() => Deleted(stage, $"c{i}"), "what was begun is gone");
            await container.DeleteRecordAsync();
            Assert.Contains(created, (StatusCode[])[StatusCode.OK, StatusCode.DeadlineExceeded]);
        }
    });

    // True if there is no task any more; one that was made in time after all is deleted.
    private static bool Deleted(Stage stage, string id)
    {
        try
        {
            _ = stage.Client.Tasks.Delete(new DeleteTaskRequest { ContainerId = id }, deadline: DateTime.UtcNow.AddSeconds(10));
            return true;
        }
        catch (RpcException e)
        {
            return e.StatusCode == StatusCode.NotFound;
        }
    }

    private static async Task<StatusCode> StatusOfAsync<T>(AsyncUnaryCall<T> call)
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

    private static async Task SignalAsync(int pid, string signal) => (await Command.RunAsync("kill", [$"-{signal}", $"{pid}"])).MustSucceed();
}
