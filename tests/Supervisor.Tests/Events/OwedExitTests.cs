using ShimStack.Supervisor.Data;

namespace ShimStack.Supervisor.Tests.Events;

public sealed class OwedExitTests
{
    private const string End = "/end";

    [Fact]
    public async Task AnExitThatNobodySawComesFirstToWhoSubscribesFirst()
    {
        await using JournalOnDisk disk = new();
        await disk.PublishAsync(Event.Create("c", 10), Event.Create("d", 20), Event.Exit("d", 20), Event.Exit("c", 10));
        await using EventReader first = await disk.SubscribeAsync();
        await disk.PublishAsync(Event.Plain(End));
        Assert.Equal(["d 20", "c 10"], await first.NamesUntilAsync(End));
        await using EventReader second = await disk.SubscribeAsync();
        await disk.PublishAsync(Event.Plain(End));
        Assert.Empty(await second.NamesUntilAsync(End));
    }

    [Fact]
    public async Task ItIsStillOwedAfterARestartAndNoLongerOnceItWasSeen()
    {
        await using JournalOnDisk disk = new();
        await disk.PublishAsync(Event.Create("c", 10), Event.Exit("c", 10, 7));
        await disk.ReopenAsync();
        await using (EventReader reader = await disk.SubscribeAsync())
        {
            await disk.PublishAsync(Event.Plain(End));
            Assert.Equal(["c 10"], await reader.NamesUntilAsync(End));
        }

        await disk.ReopenAsync();
        await using EventReader later = await disk.SubscribeAsync();
        await disk.PublishAsync(Event.Plain(End));
        Assert.Empty(await later.NamesUntilAsync(End));
    }

    [Fact]
    public async Task WhoseFilterDoesNotTakeItHasNotSeenIt()
    {
        await using JournalOnDisk disk = new();
        await disk.PublishAsync(Event.Exit("c", 10));
        await using (EventReader other = await disk.SubscribeAsync("namespace==other", "topic==\"/end\""))
        {
            await disk.PublishAsync(Event.Exit("d", 20), Event.Plain(End));
            Assert.Empty(await other.NamesUntilAsync(End));
        }

        await using EventReader reader = await disk.SubscribeAsync("namespace==moby,topic~=|^/tasks/|", "topic==\"/end\"");
        await disk.PublishAsync(Event.Plain(End));
        Assert.Equal(["c 10", "d 20"], await reader.NamesUntilAsync(End));
    }

    [Fact]
    public async Task TheExitOfWhatWentWithItsShimStaysOwedUntilItsIdIsUsedAnew()
    {
        await using JournalOnDisk disk = new();
        await disk.PublishAsync(Event.Create("c", 10), Event.Exit("c", 10), Event.Create("d", 20), Event.Exit("d", 20));
        await disk.Journal.PublishLossAsync("moby", new ShimStack.Api.Events.TaskDelete { ContainerId = "c", Pid = 10 });
        await disk.Journal.PublishLossAsync("moby", new ShimStack.Api.Events.TaskDelete { ContainerId = "d", Pid = 20 });
        await disk.PublishAsync(Event.Create("d", 30));
        await disk.ReopenAsync();
        await using (EventReader reader = await disk.SubscribeAsync())
        {
            await disk.PublishAsync(Event.Plain(End));
            Assert.Equal(["c 10"], await reader.NamesUntilAsync(End));
        }

        Assert.Equal(0, await disk.Journal.ReadAsync(tables => tables.CountOwed()));
    }

    [Fact]
    public async Task NobodyIsOwedTheExitOfWhatWasDeleted()
    {
        await using JournalOnDisk disk = new();
        await disk.PublishAsync(Event.Create("c", 10), Event.Exit("c", 10), Event.Delete("c", 10));
        await disk.PublishAsync(Event.Create("d", 20), Event.Exit("d", 20));
        await disk.PublishAsync(Event.Create("e", 30), Event.ExecAdded("e", "x"), Event.ExecStarted("e", "x", 31), Event.Exit("e", 31, exec: "x"));
        Assert.Equal(2, await disk.Journal.ReadAsync(tables => tables.CountOwed()));
        await disk.Processes.ForgetContainerAsync(Event.Namespace, "d");
        await disk.Processes.ForgetProcessAsync(Event.Namespace, "e", "x");
        await using EventReader reader = await disk.SubscribeAsync();
        await disk.PublishAsync(Event.Plain(End));
        Assert.Empty(await reader.NamesUntilAsync(End));
    }

    [Fact]
    public async Task TrimmingKeepsAnExitThatIsOwed()
    {
        await using JournalOnDisk disk = new(length: 10);
        await disk.PublishAsync(Event.Create("c", 10), Event.Exit("c", 10));
        await PublishManyAsync(disk, 1000);
        (long newest, long trimmed, int kept) = await disk.Journal.ReadAsync(t => (t.Newest, t.Trimmed, t.Page(0, 10_000).Count));
        Assert.Equal(1002, newest);
        Assert.InRange(newest - trimmed, 10, 10 + 128);
        Assert.Equal(newest - trimmed, kept);
        await disk.ReopenAsync();
        await using EventReader reader = await disk.SubscribeAsync("topic==\"/tasks/exit\"", "topic==\"/end\"");
        await disk.PublishAsync(Event.Plain(End));
        Assert.Equal(["c 10"], await reader.NamesUntilAsync(End));
        await PublishManyAsync(disk, 300);
        object? oldest = await disk.Database.WriteAsync(c => c.Scalar("SELECT min(sequence) FROM events"));
        Assert.True(oldest is long and > 1000, $"event {oldest} is still there");
    }

    [Fact]
    public async Task SequenceNumbersGoOnAfterEverythingWasTrimmed()
    {
        await using JournalOnDisk disk = new(length: 0);
        await PublishManyAsync(disk, 128);
        await disk.ReopenAsync();
        await disk.PublishAsync(Event.Plain());
        Assert.Equal(129, await disk.Journal.ReadAsync(tables => tables.Newest));
    }

    private static Task PublishManyAsync(JournalOnDisk disk, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => disk.Journal.PublishAsync(Event.Plain())));
}
