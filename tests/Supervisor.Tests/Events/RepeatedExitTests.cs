namespace ShimStack.Supervisor.Tests.Events;

public sealed class RepeatedExitTests
{
    private const string End = "/end";

    [Fact]
    public async Task AnExitIsToldOnceHoweverOftenItComes() => Assert.Equal(
        ["/tasks/create", "c 10"], await ToldAsync(Event.Create("c", 10), Event.Exit("c", 10), Event.Exit("c", 10), Event.Exit("c", 10)));

    [Fact]
    public async Task ARepetitionAfterARestartIsDropped()
    {
        await using JournalOnDisk disk = new();
        await disk.PublishAsync(Event.Create("c", 10), Event.Exit("c", 10));
        await disk.ReopenAsync();
        await disk.PublishAsync(Event.Exit("c", 10));
        Assert.Equal(1, disk.Journal.Dropped);
    }

    [Fact]
    public async Task AnExitAfterTheDeletionIsDropped() => Assert.Equal(
        ["/tasks/create", "/tasks/delete"], await ToldAsync(Event.Create("c", 10), Event.Delete("c", 10), Event.Exit("c", 10)));

    [Fact]
    public async Task AnExitOfAnOlderRunOfTheSameNameIsDropped() => Assert.Equal(
        ["/tasks/create", "/tasks/delete", "/tasks/create"],
        await ToldAsync(Event.Create("c", 10), Event.Delete("c", 10), Event.Create("c", 20), Event.Exit("c", 10)));

    [Fact]
    public async Task ANewRunIsToldToEndAlthoughTheOlderHas() => Assert.Equal(
        ["/tasks/create", "c 10", "/tasks/create", "c 20"],
        await ToldAsync(Event.Create("c", 10), Event.Exit("c", 10), Event.Create("c", 20), Event.Exit("c", 20), Event.Exit("c", 10)));

    [Fact]
    public async Task ANewRunMayHaveThePidOfTheOlder() => Assert.Equal(
        ["/tasks/create", "c 10", "/tasks/delete", "/tasks/create", "c 10"],
        await ToldAsync(Event.Create("c", 10), Event.Exit("c", 10), Event.Delete("c", 10), Event.Create("c", 10), Event.Exit("c", 10)));

    [Fact]
    public async Task AnExitOfAProcessThatWasNeverHeardOfIsTold() => Assert.Equal(
        ["c 10"], await ToldAsync(Event.Exit("c", 10), Event.Exit("c", 10)));

    [Fact]
    public async Task AnExitWithoutPidIsThatOfTheProcess() => Assert.Equal(
        ["/tasks/create", "c 0"], await ToldAsync(Event.Create("c", 10), Event.Exit("c", 0), Event.Exit("c", 10)));

    [Fact]
    public async Task ExecsHaveExitsOfTheirOwn() => Assert.Equal(
        ["/tasks/create", "/tasks/exec-added", "/tasks/exec-started", "c 11", "c 10"],
        await ToldAsync(
            Event.Create("c", 10), Event.ExecAdded("c", "e"), Event.ExecStarted("c", "e", 11),
            Event.Exit("c", 11, exec: "e"), Event.Exit("c", 11, exec: "e"), Event.Exit("c", 10)));

    [Fact]
    public async Task AnExecOfTheSameNameBeginsAnew() => Assert.Equal(
        ["/tasks/exec-added", "/tasks/exec-started", "c 11", "/tasks/exec-added", "/tasks/exec-started", "c 12"],
        await ToldAsync(
            Event.ExecAdded("c", "e"), Event.ExecStarted("c", "e", 11), Event.Exit("c", 11, exec: "e"),
            Event.ExecAdded("c", "e"), Event.ExecStarted("c", "e", 12), Event.Exit("c", 11, exec: "e"), Event.Exit("c", 12, exec: "e")));

    [Fact]
    public async Task ADeletionOfAnOlderRunLeavesTheNewerAlone() => Assert.Equal(
        ["/tasks/create", "/tasks/create", "/tasks/delete", "c 20"],
        await ToldAsync(Event.Create("c", 10), Event.Create("c", 20), Event.Delete("c", 10), Event.Exit("c", 20), Event.Exit("c", 20)));

    [Fact]
    public async Task AnExitThatIsOnItsWayWhenItsProcessIsForgottenIsToldOnce()
    {
        await using JournalOnDisk disk = new();
        await using EventReader reader = await disk.SubscribeAsync();
        await disk.PublishAsync(Event.Create("c", 10));
        await disk.Processes.ForgetContainerAsync(Event.Namespace, "c");
        await disk.PublishAsync(Event.Exit("c", 10), Event.Exit("c", 10), Event.Plain(End));
        Assert.Equal(["/tasks/create", "c 10"], await reader.NamesUntilAsync(End));
    }

    [Fact]
    public async Task WhatCannotBeReadGoesOnAsItCame()
    {
        ShimStack.Api.Types.Envelope broken = Event.Exit("c", 10);
        broken.Event.Value = Google.Protobuf.ByteString.CopyFrom(0xff, 0xff);
        await using JournalOnDisk disk = new();
        await using EventReader reader = await disk.SubscribeAsync();
        await disk.PublishAsync(broken, broken);
        Assert.Equal([broken, broken], (await reader.ReadAsync(2)).Select(e => e.Envelope));
    }

    private static async Task<List<string>> ToldAsync(params ShimStack.Api.Types.Envelope[] envelopes)
    {
        await using JournalOnDisk disk = new();
        await using EventReader reader = await disk.SubscribeAsync();
        await disk.PublishAsync([.. envelopes, Event.Plain(End)]);
        return await reader.NamesUntilAsync(End);
    }
}
