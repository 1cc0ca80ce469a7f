using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Control;
using ShimStack.Api.Task;
using ShimStack.Shim.Control;
using ShimStack.Shim.Tests.Loop;
using ShimStack.Shim.Tests.State;

namespace ShimStack.Shim.Tests.Control;

public class DumpTests
{
    [Fact]
    public void EachOpenCallSaysWhatItWaitsFor() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = new(shim, "c1");
        await task.CreateAsync();
        await task.StartAsync();
        Task<WaitResponse> wait = task.WaitAsync();
        TaskCompletionSource hang = new();
        shim.Runtime.BeforeReturn = (step, _) => step == "pause" ? hang.Task : Task.CompletedTask;
        Task<Empty> pause = shim.CallAsync(TaskServices.Pause, new PauseRequest { Id = "c1" }, Empty.Parser);
        Task<Empty> kill = shim.CallAsync(TaskServices.Kill, new KillRequest { Id = "c1", Signal = 15 }, Empty.Parser);
        await LoopTest.UntilAsync(() => shim.Parts.Tasks.Get("c1").Init.Gate.Waiting.Any());

        IReadOnlyList<string> lines = await AskAsync(shim);

        Assert.Contains(lines, line => line.StartsWith("  call method=Wait id=c1 ", StringComparison.Ordinal) && line.EndsWith($"waits_for=\"the exit of pid {task.Pid}\"", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.StartsWith("  call method=Kill id=c1 ", StringComparison.Ordinal) && line.EndsWith("waits_for=\"its turn after Pause\"", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.StartsWith("    process pid=", StringComparison.Ordinal) && line.Contains(" operation=Pause ", StringComparison.Ordinal));
        hang.SetResult();
        await pause;
        await kill;
        shim.End(task.Pid, 0);
        await wait;
    });

    [Fact]
    public void EventsAndThreadsHaveALineEach() => ShimInTest.Run(async shim =>
    {
        await new TaskInTest(shim, "c1").CreateAsync();

        IReadOnlyList<string> lines = await AskAsync(shim);

        Assert.Contains(lines, static line => line.StartsWith("  event topic=/tasks/create ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith($"  thread tid={Environment.ProcessId} ", StringComparison.Ordinal) && line.Contains(" waits_in=", StringComparison.Ordinal));
    });

    [Theory]
    [InlineData("plain", "about key=plain")]
    [InlineData("two words", "about key=\"two words\"")]
    [InlineData("a\"b", "about key=\"a\\\"b\"")]
    [InlineData("a\nb", "about key=\"a\\nb\"")]
    [InlineData("", "about")]
    public void AValueIsQuotedWhereItNeedsIt(string value, string line)
    {
        ReportLines lines = new();
        lines.Begin(0, "about");
        lines.Text(0, "key", value);
        Assert.Equal([line], lines.Lines);
    }

    private static async Task<IReadOnlyList<string>> AskAsync(ShimInTest shim) =>
        (await shim.CallAsync(ControlServices.V1, ControlServices.Dump, new Empty(), DumpResponse.Parser)).Lines;
}
