using ShimStack.Supervisor.Events;

namespace ShimStack.Supervisor.Tests.Events;

public sealed class JournalOrderTests
{
    [Fact]
    public async Task TenSubscribersSeeEverythingInTheOrderOfTheJournal()
    {
        const int Publishers = 8;
        const int Each = 250;
        await using JournalOnDisk disk = new();
        List<EventReader> readers = [];
        for (int i = 0; i < 10; i++)
        {
            readers.Add(await disk.SubscribeAsync());
        }

        await Task.WhenAll(Enumerable.Range(0, Publishers).Select(p => Task.Run(async () =>
        {
            for (int i = 0; i < Each; i++)
            {
                await disk.Journal.PublishAsync(Event.Plain($"/p{p}/e{i}"));
            }
        })));

        foreach (EventReader reader in readers)
        {
            List<StoredEvent> read = await reader.ReadAsync(Publishers * Each);
            Assert.Equal(Enumerable.Range(1, Publishers * Each).Select(n => (long)n), read.Select(e => e.Sequence));
            for (int p = 0; p < Publishers; p++)
            {
                IEnumerable<string> topics = read.Select(e => e.Envelope.Topic).Where(t => t.StartsWith($"/p{p}/", StringComparison.Ordinal));
                Assert.Equal(Enumerable.Range(0, Each).Select(i => $"/p{p}/e{i}"), topics);
            }

            await reader.DisposeAsync();
        }
    }

    [Fact]
    public async Task WhatIsAcknowledgedIsOnRecord()
    {
        await using JournalOnDisk disk = new();
        await disk.PublishAsync(Event.Plain("/a/b"), Event.Plain("/a/c"));
        await disk.ReopenAsync();
        await disk.PublishAsync(Event.Plain("/a/d"));
        List<StoredEvent> events = await disk.Journal.ReadAsync(tables => tables.Page(1, 10));
        Assert.Equal([(1, "/a/b"), (2, "/a/c"), (3, "/a/d")], events.Select(e => (e.Sequence, e.Envelope.Topic)));
    }

    [Fact]
    public async Task AnEventThatCannotBeRecordedFailsAloneAndNobodyHearsOfIt()
    {
        await using JournalOnDisk disk = new();
        await disk.Database.WriteAsync(c =>
        {
            using Microsoft.Data.Sqlite.SqliteCommand command = c.CreateCommand();
            command.CommandText = "CREATE TRIGGER refuse BEFORE INSERT ON events WHEN NEW.topic = '/bad' BEGIN SELECT RAISE(ABORT, 'refused'); END";
            command.ExecuteNonQuery();
        });
        await using EventReader reader = await disk.SubscribeAsync();
        Task[] publishing = [.. new[] { "/a", "/b", "/bad", "/c", "/bad", "/d" }.Select(topic => disk.Journal.PublishAsync(Event.Plain(topic)))];
        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => publishing[2]);
        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => publishing[4]);
        await Task.WhenAll(publishing[0], publishing[1], publishing[3], publishing[5]);
        List<StoredEvent> read = await reader.ReadAsync(4);
        Assert.Equal([(1, "/a"), (2, "/b"), (3, "/c"), (4, "/d")], read.Select(e => (e.Sequence, e.Envelope.Topic)));
    }
}
