using System.Text;
using ShimStack.Api.Task;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Polling;
using ShimStack.Shim.Loop;
using ShimStack.Shim.State;
using Status = ShimStack.Api.Types.Status;

namespace ShimStack.Shim.Tests.State;

/// <summary>Everything that the server knows is in the records: put down and picked up twice they are the same, and everything goes on.</summary>
public class PutDownAndPickUpTests
{
    [Theory]
    [InlineData("created")]
    [InlineData("running")]
    [InlineData("running on a terminal")]
    [InlineData("running, stdin closed")]
    [InlineData("running, exec added")]
    [InlineData("running, exec running")]
    [InlineData("running, exec stopped")]
    [InlineData("init reaped, exec running")]
    [InlineData("paused")]
    [InlineData("from a checkpoint, not started")]
    [InlineData("stopped")]
    [InlineData("output waits for a reader")]
    public void TheRecordsOfAStateAreTheSameAfterAHandOver(string state) => ShimInTest.Run(async shim =>
    {
        TaskInTest task = await InStateAsync(shim, state);
        Task<WaitResponse> wait = task.WaitAsync();
        await task.StateAsync(); // answered after the Wait has been read

        ShimRecord first = await shim.HandOverAsync();
        ShimRecord second = await shim.HandOverAsync();

        Assert.Single(first.Tasks);
        Assert.NotEmpty(first.Events);
        Assert.Equal(state != "stopped", first.Connections[0].Calls.Any(call => call.Method == TaskServices.Wait));
        Assert.Equal(first, second);
        if (state != "stopped")
        {
            await EndAllAsync(shim, task, state);
        }

        Assert.Equal(state == "stopped" ? 1u : 42u, (await wait).ExitStatus);
        Assert.Equal(Status.Stopped, (await task.StateAsync()).Status);
    });

    [Fact]
    public void OutputAndInputGoOnAfterAHandOver() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = await InStateAsync(shim, "running");
        FileDescriptor stdout = shim.Runtime.Streams[(int)task.Pid].Stdout!;
        FileDescriptor stdin = shim.Runtime.Streams[(int)task.Pid].Stdin!;
        Files.Write(stdout, "before "u8);
        await ExpectAsync(shim, task.Output, "before ");

        await shim.HandOverAsync();
        Files.Write(stdout, "after"u8);
        Files.Write(task.Input, "typed"u8);

        await ExpectAsync(shim, task.Output, "after");
        Files.SetNonBlocking(stdin, true);
        await ExpectAsync(shim, stdin, "typed");
    });

    [Fact]
    public void BytesThatWereReadAndNotWrittenAreInTheRecords() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = await InStateAsync(shim, "output waits for a reader");

        ShimRecord record = await shim.HandOverAsync();
        Assert.Equal("unread", record.Tasks[0].Init.Stdio.Outputs[0].Pending.ToStringUtf8());

        using FileDescriptor reader = Files.Open(Path.Join(task.Bundle, "init-stdout"), OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK);
        await ExpectAsync(shim, reader, "unread");
    });

    [Fact]
    public void AnExecThatEndsAfterTheHandOverIsAnnouncedBeforeItsInit() => ShimInTest.Run(async shim =>
    {
        TaskInTest task = await InStateAsync(shim, "init reaped, exec running");
        await shim.HandOverAsync();
        Task<WaitResponse> init = task.WaitAsync();
        Assert.False(init.IsCompleted);

        shim.End((await task.StateAsync("e1")).Pid, 7);

        Assert.Equal(42u, (await init).ExitStatus);
        string[] exits = [.. shim.Parts.Outbox.Pending.Where(e => e.Topic == "/tasks/exit").Select(e => ExitOf(e.Payload.ToByteArray()))];
        Assert.Equal(["e1 7", "c1 42"], exits);
    });

    [Fact]
    public void EventsThatTheDaemonDidNotTakeAreDeliveredByTheOther() => ShimInTest.Run(async shim =>
    {
        await InStateAsync(shim, "running");
        await shim.HandOverAsync();

        shim.Events.IsAway = false;
        Task delivery = shim.Parts.Outbox.RunAsync();
        await shim.Parts.Outbox.StopAsync(TimeSpan.FromSeconds(5));
        await delivery;

        Assert.Equal(["/tasks/create", "/tasks/start"], shim.Events.Topics);
    });

    [Fact]
    public void ARefusedShutdownIsRememberedByTheOther() => ShimInTest.Run(async shim =>
    {
        await InStateAsync(shim, "running");
        await shim.CallAsync(TaskServices.Shutdown, new ShutdownRequest(), Google.Protobuf.WellKnownTypes.Empty.Parser);

        Assert.True((await shim.HandOverAsync()).ShutdownRefused);
        Assert.True((await shim.HandOverAsync()).ShutdownRefused);
    });

    [Fact]
    public void WhatWasNotDeliveredIsCountedOnByTheOther() => ShimInTest.Run(async shim =>
    {
        shim.Parts.Tasks.UndeliveredBytes = 4711;

        Assert.Equal(4711u, (await shim.HandOverAsync()).UndeliveredBytes);
        Assert.Equal(4711, shim.Parts.Tasks.UndeliveredBytes);
    });

    [Fact]
    public void AStateOfANewerLayoutIsRefused() => ShimInTest.Run(async shim =>
    {
        ShimRecord record = await shim.PutDownAsync(new Inheritance());
        record.Version = ShimState.Version + 1;

        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => shim.Parts.State.Restore(record));
        Assert.Contains("version 2", refusal.Message, StringComparison.Ordinal);
    });

    private static async Task<TaskInTest> InStateAsync(ShimInTest shim, string state)
    {
        TaskInTest task = new(shim, "c1");
        bool restored = state.StartsWith("from a checkpoint", StringComparison.Ordinal);
        await task.CreateAsync(state.EndsWith("terminal", StringComparison.Ordinal), restored ? "/nowhere/checkpoint" : string.Empty);
        if (state == "created" || restored)
        {
            return task;
        }

        await task.StartAsync();
        switch (state)
        {
            case "running, stdin closed":
                await shim.CallAsync(TaskServices.CloseIO, new CloseIORequest { Id = "c1" }, Google.Protobuf.WellKnownTypes.Empty.Parser);
                break;
            case "paused":
                await shim.CallAsync(TaskServices.Pause, new PauseRequest { Id = "c1" }, Google.Protobuf.WellKnownTypes.Empty.Parser);
                break;
            case "running, exec added":
                await task.AddExecAsync("e1");
                break;
            case "running, exec running":
                await task.AddExecAsync("e1");
                await task.StartExecAsync("e1");
                break;
            case "running, exec stopped":
                await task.AddExecAsync("e1");
                shim.End(await task.StartExecAsync("e1"), 3);
                await task.WaitAsync("e1");
                break;
            case "init reaped, exec running":
                await task.AddExecAsync("e1");
                await task.StartExecAsync("e1");
                shim.End(task.Pid, 42);
                break;
            case "stopped":
                shim.End(task.Pid, 1);
                await task.WaitAsync();
                break;
            case "output waits for a reader":
                task.Output.Dispose();
                Files.Write(shim.Runtime.Streams[(int)task.Pid].Stdout!, "unread"u8);
                await task.StateAsync();
                break;
            default:
                break;
        }

        return task;
    }

    private static async Task EndAllAsync(ShimInTest shim, TaskInTest task, string state)
    {
        if (state.EndsWith("exec running", StringComparison.Ordinal))
        {
            shim.End((await task.StateAsync("e1")).Pid, 7);
        }

        if (task.Pid == 0)
        {
            await task.StartAsync();
        }

        shim.End((await task.StateAsync()).Pid, 42);
    }

    private static string ExitOf(byte[] payload)
    {
        Api.Events.TaskExit exit = Api.Events.TaskExit.Parser.ParseFrom(payload);
        return $"{exit.Id} {exit.ExitStatus}";
    }

    private static async Task ExpectAsync(ShimInTest shim, FileDescriptor descriptor, string text)
    {
        using LoopDescriptor readable = new(shim.Loop, Files.Duplicate(descriptor), EpollEvents.EPOLLIN);
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(10), shim.Loop.Timers);
        byte[] buffer = new byte[256];
        StringBuilder seen = new();
        while (seen.Length < text.Length)
        {
            IoResult read = Files.Read(descriptor, buffer);
            if (!read.IsOk || read.IsEnd)
            {
                await readable.ReadableAsync(limit.Token);
                continue;
            }

            seen.Append(Encoding.UTF8.GetString(buffer, 0, read.Count));
        }

        Assert.Equal(text, seen.ToString());
    }
}
