using System.Text;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Control;
using ShimStack.Api.Parking;
using ShimStack.Api.Task;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Shim.Exits;
using ShimStack.Shim.Parking;
using ShimStack.Shim.Settings;
using ShimStack.Shim.State;
using ShimStack.Shim.Tasks;
using ShimStack.Shim.Tests.State;
using Kind = ShimStack.Api.Parking.ParkingMessage.Types.Kind;

namespace ShimStack.Shim.Tests.Parking;

/// <summary>What a shim leaves with the daemon for the case that it dies, and what another one makes of it.</summary>
public class ParkingTests
{
    [Fact]
    public void EverythingIsLeftBeforeACreateIsAnswered() => Run(async (shim, task) =>
    {
        await task.CreateAsync();
        ParkedMail mail = ParkedMail.Of(shim);
        Assert.Equal(["Hello", "Unit shim", "Unit init c1", "Whole"], mail.Story);
        ParkingMessage init = mail.Units["init c1"].Message;
        Assert.Equal(("c1", task.Pid), (init.Container, Assert.Single(init.Pids)));
        Assert.Equal(init.Numbers.Count, mail.Units["init c1"].Descriptors.Count);
        Assert.Single(mail.Units["shim"].Descriptors);
    });

    [Fact]
    public void WhatIsOverIsTakenBack() => Run(async (shim, task) =>
    {
        await task.CreateAsync();
        await task.StartAsync();
        await task.AddExecAsync("e1");
        ParkedMail mail = ParkedMail.Of(shim);
        int open = mail.Units["init c1"].Descriptors.Count;
        await shim.CallAsync(TaskServices.CloseIO, new CloseIORequest { Id = "c1", Stdin = true }, Empty.Parser);
        await task.StateAsync(); // the loop has been round
        mail.Take();
        Assert.Equal(open - 1, mail.Units["init c1"].Descriptors.Count);
        shim.End(task.Pid, 0);
        await task.WaitAsync();
        await shim.CallAsync(TaskServices.Delete, new DeleteRequest { Id = "c1" }, DeleteResponse.Parser);
        mail.Take();
        Assert.Equal(["shim"], mail.Units.Keys);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnotherGoesOnWithStreams(bool terminal) => Run(async (shim, task) =>
    {
        await task.CreateAsync(terminal);
        await task.StartAsync();
        FileDescriptor output = terminal ? shim.Runtime.Terminals[(int)task.Pid] : shim.Runtime.Streams[(int)task.Pid].Stdout!;
        ParkedMail mail = ParkedMail.Of(shim);
        Files.Write(output, "before "u8);
        await ExpectAsync(shim, task.Output, "before ");
        await shim.AdoptAsync(mail.HandOn());
        Files.Write(output, "after"u8);
        await ExpectAsync(shim, task.Output, "after");
        Assert.Equal(ProcessState.Running, shim.Parts.Tasks.Get("c1").Init.State);
    });

    [Fact]
    public void AnExitThatIsOnDiskOrThatTheDaemonKnowsIsTold() => Run(async (shim, task) =>
    {
        await task.CreateAsync();
        await task.StartAsync();
        await task.AddExecAsync("e1");
        uint exec = await task.StartExecAsync("e1");
        ParkedMail mail = ParkedMail.Of(shim);
        ExitFiles.Write(task.Bundle, "", new ExitRecord { Pid = task.Pid, Status = 7, Ticks = 638_000_000_000_000_000 });
        ParkingMessage told = new() { Kind = Kind.Exited, Pid = exec, Status = 137, Signal = 9, Ticks = 638_000_000_000_000_001 };
        await shim.AdoptAsync(mail.HandOn(told));
        ContainerTask adopted = shim.Parts.Tasks.Get("c1");
        Assert.Equal((137u, 9u), ((await adopted.Execs["e1"].Exited).Code, (await adopted.Execs["e1"].Exited).Signal));
        Assert.Equal(7u, (await adopted.Init.Exited).Code);
    });

    [Fact]
    public void WhatTheDeadOneMayHaveHeldIsCountedAsLost() => Run(async (shim, task) =>
    {
        await task.CreateAsync();
        ParkedMail mail = ParkedMail.Of(shim);
        AdoptedRecords adopted = await shim.AdoptAsync(mail.HandOn());
        Assert.Equal(2 * 4096, adopted.LostBytes); // stdin and stdout
    });

    [Fact]
    public void EventsThatWaitAreLeftAndToldByTheOtherOne() => Run(async (shim, task) =>
    {
        await task.CreateAsync();
        await task.StartAsync();
        ParkedMail mail = ParkedMail.Of(shim);
        await BecomesAsync(shim, mail, ["/tasks/create", "/tasks/start"]);
        await shim.AdoptAsync(mail.HandOn());
        shim.LetDaemonIn();
        await UntilAsync(shim, () => shim.Events.Taken.Count > 1);
        Assert.Equal(["/tasks/create", "/tasks/start"], shim.Events.Topics);
    });

    [Fact]
    public void EventsThatAreTakenAreNotLeftAnyMore() => Run(async (shim, task) =>
    {
        await task.CreateAsync();
        ParkedMail mail = ParkedMail.Of(shim);
        await BecomesAsync(shim, mail, ["/tasks/create"]);
        shim.LetDaemonIn();
        await BecomesAsync(shim, mail, []);
        int told = mail.Story.Count;
        await task.StartAsync();
        await UntilAsync(shim, () => shim.Events.Taken.Count > 1);
        mail.Take();
        Assert.DoesNotContain("Unit shim", mail.Story.Skip(told)); // one that is sent at once is with the kernel
    });

    [Fact]
    public void ASettingIsLeftBeforeItIsAnswered() => Run(async (shim, task) =>
    {
        await task.CreateAsync();
        ParkedMail mail = ParkedMail.Of(shim);
        await shim.CallAsync(ControlServices.V1, ControlServices.Settings, new SettingsRequest { Set = { "SHIMSTACK_DRAIN_TIMEOUT=33s" } }, Empty.Parser);
        mail.Take();
        Assert.Contains(ShimRecord.Parser.ParseFrom(mail.Units["shim"].Message.Record).Settings, set => set.Contains("33", StringComparison.Ordinal));
    });

    [Fact]
    public void WhatIsNotAllThereIsRefused() => Run(async (shim, task) =>
    {
        await task.CreateAsync();
        ParkedMail mail = ParkedMail.Of(shim);
        (ParkingMessage message, IReadOnlyList<FileDescriptor> descriptors) = mail.Units["init c1"];
        message.Numbers.RemoveAt(0);
        using FileDescriptor mailbox = mail.HandOn();
        Assert.Throws<InvalidDataException>(() => Adoption.Receive(mailbox));
        Assert.NotEmpty(descriptors);
    });

    private static void Run(Func<ShimInTest, TaskInTest, Task> test) =>
        ShimInTest.Run(shim => test(shim, new TaskInTest(shim, "c1")), new ShimSettings { DirectKill = false }, parks: true);

    private static Task BecomesAsync(ShimInTest shim, ParkedMail mail, string[] topics) => UntilAsync(shim, () =>
    {
        mail.Take();
        return ShimRecord.Parser.ParseFrom(mail.Units["shim"].Message.Record).Events.Select(pending => pending.Topic).SequenceEqual(topics);
    });

    private static async Task UntilAsync(ShimInTest shim, Func<bool> isSo)
    {
        for (int tries = 0; tries < 200 && !isSo(); tries++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), shim.Loop.Timers);
        }

        Assert.True(isSo());
    }

    private static async Task ExpectAsync(ShimInTest shim, FileDescriptor from, string expected)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[100];
        for (int tries = 0; tries < 200 && text.Length < expected.Length; tries++)
        {
            IoResult read = Files.Read(from, buffer);
            text.Append(Encoding.UTF8.GetString(buffer, 0, read.IsOk ? read.Count : 0));
            await Task.Delay(TimeSpan.FromMilliseconds(5), shim.Loop.Timers);
        }

        Assert.Equal(expected, text.ToString());
    }
}
