using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Control;
using ShimStack.Api.Task;
using ShimStack.FaultTests.Harness;
using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;
using ShimStack.Ttrpc;

namespace ShimStack.FaultTests.Control;

/// <summary>What an operator sees of a real shim, also of one whose runtime hangs.</summary>
public class ControlTests
{
    private const int SIGUSR1 = 10;
    private static readonly Fault Nothing = new("Control", "nothing", "", static _ => Task.CompletedTask);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task StatusTellsWhatRunsAndWhatTheKernelCounts() => RunAsync(async (stage, control) =>
    {
        StatusResponse status = await control.StatusAsync();

        RunningProcess shim = stage.Session.Process!;
        Assert.Equal((uint)shim.Pid, status.Pid);
        ProcessStatus init = Assert.Single(Assert.Single(status.Containers).Processes);
        Assert.Equal("running", init.State);
        Assert.True(Directory.Exists($"/proc/{init.Pid}"));
        Assert.Contains(status.RuntimeCalls, static call => call is { Command: "create", Outcome: "exit status 0", TookMs: > 0 });
        Assert.Contains(status.RuntimeCalls, static call => call is { Command: "start", Outcome: "exit status 0" });
        Assert.Equal(2u, status.Connections); // the daemon's and this one
        Assert.Equal((uint)Directory.GetFileSystemEntries($"/proc/{shim.Pid}/fd").Length, status.Resources.Descriptors);
        Assert.Equal((uint)Directory.GetDirectories($"/proc/{shim.Pid}/task").Length, status.Resources.Threads);
        Assert.InRange(status.Resources.RssBytes, 500_000ul, 50_000_000ul);
    });

    [Fact]
    public Task WhileTheRuntimeHangsStatusAndDumpNameItAndWhoWaits() => RunAsync(async (stage, control) =>
    {
        stage.Runtime.Set("pause", "before", FailingRuntime.Hang);
        Task pause = stage.Session.Tasks.PauseAsync(new PauseRequest { Id = stage.Id }, Cancellation);
        Assert.True(await stage.Runtime.IsReachedAsync());
        Any nothing = new() { Value = ByteString.CopyFromUtf8("{}") };
        Task update = stage.Session.Tasks.UpdateAsync(new UpdateTaskRequest { Id = stage.Id, Resources = nothing }, Cancellation);
        Assert.True(await Until.TrueAsync(() => control.StatusAsync().Result.Containers[0].Processes[0].Waiting.Count > 0));

        StatusResponse status = await control.StatusAsync();
        IReadOnlyList<string> dump = await control.DumpAsync();

        ProcessStatus init = status.Containers[0].Processes[0];
        Assert.Equal("Pause", init.Operation);
        Assert.Equal(["Update"], init.Waiting);
        RuntimeCallStatus hanging = Assert.Single(status.RuntimeCalls, static call => call.Outcome.Length == 0);
        Assert.Equal("pause", hanging.Command);
        Assert.True(Directory.Exists($"/proc/{hanging.Pid}"));
        Assert.Contains(dump, line => IsCall(line, "Pause", stage.Id, $"the runtime's pause, pid {hanging.Pid}"));
        Assert.Contains(dump, line => IsCall(line, "Update", stage.Id, "its turn after Pause"));
        Assert.Contains(dump, line => line.StartsWith($"  thread tid={stage.Session.Process!.Pid} ", StringComparison.Ordinal));
        stage.Runtime.LetGo();
        await pause;
        await stage.Session.Tasks.ResumeAsync(new ResumeRequest { Id = stage.Id }, Cancellation);
        await update;
    }, ["create", "start", "paused", "resumed", "exit", "delete"]);

    [Fact]
    public Task SigusrOneWritesTheDumpIntoTheLog() => RunAsync(async (stage, _) =>
    {
        stage.Session.Process!.Signal(SIGUSR1);
        Assert.True(await Until.TrueAsync(() => stage.Log.Contains("  thread tid=", StringComparison.Ordinal)));
        Assert.Contains("shim version=", stage.Log, StringComparison.Ordinal);
        Assert.Contains($"  container id={stage.Id} ", stage.Log, StringComparison.Ordinal);
    });

    [Fact]
    public Task ASettingCountsForWhatBeginsAfterIt() => RunAsync(async (stage, control) =>
    {
        SettingsResponse settings = await control.SetAsync("SHIMSTACK_RUNTIME_TIMEOUT=300ms");
        Assert.Contains(settings.Settings, static setting => setting is { Name: "SHIMSTACK_RUNTIME_TIMEOUT", Value: "300ms", Default: "10m" });

        stage.Runtime.Set("pause", "before", FailingRuntime.Hang);
        RpcException cut = await Assert.ThrowsAsync<RpcException>(() => stage.Session.Tasks.PauseAsync(new PauseRequest { Id = stage.Id }, Cancellation));

        Assert.Contains("pause", cut.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RpcException>(() => control.SetAsync("SHIMSTACK_RUNTIME_TIMEOUT=soon"));
    });

    private static bool IsCall(string line, string method, string id, string reason) =>
        line.StartsWith($"  call method={method} id={id} ", StringComparison.Ordinal)
        && line.EndsWith($" waits_for=\"{reason}\"", StringComparison.Ordinal);

    private static async Task RunAsync(Func<FaultStage, ControlClient, Task> test, IReadOnlyList<string>? events = null)
    {
        await using FaultStage stage = new(ShimUnderTest.Ours!, Nothing);
        await stage.RunAsync();
        await using (ControlClient control = await ControlClient.ConnectAsync(stage.Session))
        {
            await test(stage, control);
        }

        await stage.FinishAsync(events);
        Assert.Empty(stage.Findings.All);
    }
}
