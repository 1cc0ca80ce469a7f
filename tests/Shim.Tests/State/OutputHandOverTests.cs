using ShimStack.Api.Task;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Shim.State;
using ShimStack.Shim.Tests.Loop;

namespace ShimStack.Shim.Tests.State;

/// <summary>Log files and logging binaries are in the records, too: another build goes on with them.</summary>
[Collection(OneProcessAtATime.Name)]
public class OutputHandOverTests
{
    [Fact]
    public void ALogFileGoesOnInTheMiddleOfALine() => ShimInTest.Run(async shim =>
    {
        string path = Path.Join(shim.Directory.Path, "log");
        TaskInTest task = new(shim, "c1");
        await task.CreateWithOutputToAsync($"file://{path}?format=cri&max-size=1k&max-files=3");
        FileDescriptor stdout = shim.Runtime.Streams[(int)task.Pid].Stdout!;
        Files.Write(stdout, "first\nbegun, "u8);
        await LoopTest.UntilAsync(() => File.ReadAllText(path).Length > 0);

        ShimRecord first = await shim.HandOverAsync();
        ShimRecord second = await shim.HandOverAsync();
        Assert.Equal(first, second);
        Assert.Equal("begun, ", first.Tasks[0].Init.Stdio.Outputs[0].Log.LineBegun.ToStringUtf8());
        Assert.Equal((1000, 3u), (Assert.Single(first.LogFiles).MaxSize, first.LogFiles[0].MaxFiles));

        Files.Write(stdout, "ended\n"u8);
        await LoopTest.UntilAsync(() => File.ReadAllLines(path).Length == 2);
        Assert.EndsWith(" stdout F begun, ended", File.ReadAllLines(path)[1], StringComparison.Ordinal);
        shim.End(task.Pid, 0);
        await DeleteAsync(shim, task);
    });

    [Fact]
    public void OutputThatWasNotDeliveredStaysCounted() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = new(shim, "c1");
        await task.CreateAsync();
        await task.StartAsync();
        await task.AddExecAsync("e1");
        task.Output.Dispose();
        uint pid = await task.StartExecAsync("e1");
        Files.Write(shim.Runtime.Streams[(int)pid].Stdout!, "unread"u8);
        shim.End(pid, 0);
        await task.WaitAsync("e1");
        shim.LetDaemonIn();
        await shim.CallAsync(TaskServices.Delete, new DeleteRequest { Id = "c1", ExecId = "e1" }, DeleteResponse.Parser);

        Assert.Equal(6u, (await shim.HandOverAsync()).UndeliveredBytes);
        Assert.Equal(6u, (await shim.HandOverAsync()).UndeliveredBytes);
    });

    [Fact]
    public void ALoggingBinaryGoesOnAndIsWaitedForAtDelete() => ShimInTest.Run(async shim =>
    {
        using ITimer reaping = Reap(shim);
        string output = Path.Join(shim.Directory.Path, "out");
        string logger = shim.Directory.WriteScript("logger", $"printf x >&5; cat <&3 > {output}");
        TaskInTest task = new(shim, "c1");
        await task.CreateWithOutputToAsync($"binary-v2://{logger}");
        FileDescriptor stdout = shim.Runtime.Streams[(int)task.Pid].Stdout!;
        Files.Write(stdout, "before\n"u8);

        ShimRecord first = await shim.HandOverAsync();
        ShimRecord second = await shim.HandOverAsync();
        Assert.Equal(first, second);
        Assert.NotEqual(0u, first.Tasks[0].Init.Stdio.Logger.Pid);

        Files.Write(stdout, "after\n"u8);
        shim.End(task.Pid, 0);
        await DeleteAsync(shim, task);
        Assert.Equal("before\nafter\n", File.ReadAllText(output));
        Assert.Equal(0, shim.Reaper.Expected);
    });

    [Fact]
    public void TheOutputOfADeadLoggerIsDroppedByTheOtherToo() => ShimInTest.Run(async shim =>
    {
        using ITimer reaping = Reap(shim);
        string logger = shim.Directory.WriteScript("logger", "printf x >&5; read line <&3");
        TaskInTest task = new(shim, "c1");
        await task.CreateWithOutputToAsync($"binary-v2://{logger}");
        FileDescriptor stdout = shim.Runtime.Streams[(int)task.Pid].Stdout!;
        Files.Write(stdout, "line\n"u8);
        await LoopTest.UntilAsync(() => shim.Reaper.Expected == 1);

        ShimRecord first = await shim.HandOverAsync();
        Assert.Equal(0u, first.Tasks[0].Init.Stdio.Logger.Pid);
        Assert.True(first.Tasks[0].Init.Stdio.Logger.Output.Lost.OutputLost);

        Files.SetNonBlocking(stdout, true);
        for (int written = 0; written < 300_000; await Task.Yield())
        {
            IoResult result = Files.Write(stdout, new byte[1000]);
            Assert.NotEqual(Errno.EPIPE, result.Errno);
            written += result.Count;
        }

        shim.End(task.Pid, 0);
        await DeleteAsync(shim, task);
    });

    private static ITimer Reap(ShimInTest shim) =>
        shim.Loop.Timers.CreateTimer(_ => shim.Reaper.ReapAll(), null, TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(2));

    private static async Task DeleteAsync(ShimInTest shim, TaskInTest task)
    {
        await task.WaitAsync();
        await shim.CallAsync(TaskServices.Delete, new DeleteRequest { Id = "c1" }, DeleteResponse.Parser);
    }
}
