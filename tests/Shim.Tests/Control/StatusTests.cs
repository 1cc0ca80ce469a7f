using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Control;
using ShimStack.Api.Task;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Tests.Loop;
using ShimStack.Shim.Tests.State;

namespace ShimStack.Shim.Tests.Control;

[Collection(OneProcessAtATime.Name)]
public class StatusTests
{
    [Fact]
    public void ItTellsWhatTheShimServes() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = new(shim, "c1");
        await task.CreateAsync();
        await task.StartAsync();
        await task.AddExecAsync("e1");

        StatusResponse status = await AskAsync(shim);

        Assert.Equal(ShimVersion.Text, status.Version);
        Assert.Equal((uint)Environment.ProcessId, status.Pid);
        Assert.Equal("test", status.Namespace);
        Assert.Equal(1u, status.Connections);
        ContainerStatus container = Assert.Single(status.Containers);
        Assert.Equal(("c1", task.Bundle), (container.Id, container.Bundle));
        Assert.Equal([("", "running"), ("e1", "created")], container.Processes.Select(static process => (process.ExecId, process.State)));
        Assert.Equal(task.Pid, container.Processes[0].Pid);
        Assert.Equal(["stdin", "stdout"], container.Processes[0].Streams.Select(static stream => stream.Name));
    });

    [Fact]
    public void ItTellsWhatTheProcessUses() => ShimInTest.Run(async shim =>
    {
        const int Many = 500; // the rest of this process has fewer, once what other tests have left is closed; a finalizer may do that at any moment
        GC.Collect();
        GC.WaitForPendingFinalizers();
        List<FileDescriptor> files = [];
        for (int i = 0; i < Many; i++)
        {
            files.Add(Files.Open("/dev/null", OpenFlags.O_RDONLY));
        }

        ResourcesStatus resources = (await AskAsync(shim)).Resources;
        files.ForEach(static file => file.Dispose());

        Assert.InRange(resources.Descriptors, (uint)Many, 2u * Many);
        Assert.InRange(resources.RssBytes, 1ul << 20, (ulong)Environment.WorkingSet * 2);
        Assert.InRange(resources.Threads, 1u, 1000u);
    });

    [Fact]
    public void EventsThatWaitForTheDaemonAreCounted() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = new(shim, "c1");
        await task.CreateAsync();
        await task.StartAsync();
        Assert.Equal(2u, (await AskAsync(shim)).Events.Pending); // create and start

        shim.LetDaemonIn();

        await LoopTest.UntilAsync(() => shim.Parts.Outbox.Pending.Count == 0);
        Assert.Equal(0u, (await AskAsync(shim)).Events.Pending);
    });

    [Fact]
    public void AnOperationThatHangsIsNamedAndSoIsWhoWaitsBehindIt() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = new(shim, "c1");
        await task.CreateAsync();
        await task.StartAsync();
        TaskCompletionSource hang = new();
        shim.Runtime.BeforeReturn = (step, _) => step == "pause" ? hang.Task : Task.CompletedTask;
        Task<Empty> pause = shim.CallAsync(TaskServices.Pause, new PauseRequest { Id = "c1" }, Empty.Parser);
        Task<Empty> kill = shim.CallAsync(TaskServices.Kill, new KillRequest { Id = "c1", Signal = 15 }, Empty.Parser);
        await LoopTest.UntilAsync(() => shim.Parts.Tasks.Get("c1").Init.Gate.Waiting.Any());

        ProcessStatus init = (await AskAsync(shim)).Containers[0].Processes[0];

        Assert.Equal("Pause", init.Operation);
        Assert.Equal(["Kill"], init.Waiting);
        hang.SetResult();
        await pause;
        await kill;
        Assert.Equal("", (await AskAsync(shim)).Containers[0].Processes[0].Operation);
    });

    private static Task<StatusResponse> AskAsync(ShimInTest shim) =>
        shim.CallAsync(ControlServices.V1, ControlServices.Status, new Empty(), StatusResponse.Parser);
}
