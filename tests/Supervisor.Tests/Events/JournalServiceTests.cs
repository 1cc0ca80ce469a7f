using Grpc.Core;
using ShimStack.Api.Journal;

namespace ShimStack.Supervisor.Tests.Events;

public sealed class JournalServiceTests
{
    [Fact]
    public async Task AReaderResumesWithoutAGapOrADoubleWhileEventsCome()
    {
        const int Count = 2000;
        await using EventsHost host = await EventsHost.StartAsync();
        Task publishing = Task.Run(async () =>
        {
            for (int i = 0; i < Count; i++)
            {
                await host.Journal.PublishAsync(Event.Plain());
            }
        }, TestContext.Current.CancellationToken);
        EventsClient client = host.NewClient();
        ulong next = 1;
        while (next <= Count)
        {
            using AsyncServerStreamingCall<ShimStack.Api.Journal.Record> call = client.Resume(new SubscribeRequest { FromSequence = next });
            for (int i = 0; i < 333 && next <= Count; i++)
            {
                Assert.Equal(next++, (await EventsClient.NextAsync(call)).Sequence);
            }
        }

        await publishing;
    }

    [Fact]
    public async Task FiltersAndNamespacesChoose()
    {
        await using EventsHost host = await EventsHost.StartAsync();
        foreach ((string topic, string nameSpace) in new[] { ("/a", "n"), ("/b", "n"), ("/a", "m"), ("/a", "k"), ("/a", "n") })
        {
            await host.Journal.PublishAsync(Event.Plain(topic, nameSpace));
        }

        SubscribeRequest request = new() { Filters = { "topic==\"/a\"" }, Namespaces = { "n", "k" } };
        using AsyncServerStreamingCall<ShimStack.Api.Journal.Record> call = host.NewClient().Resume(request);
        List<ulong> sequences = [];
        for (int i = 0; i < 3; i++)
        {
            sequences.Add((await EventsClient.NextAsync(call)).Sequence);
        }

        Assert.Equal([1, 4, 5], sequences);
    }

    [Theory]
    [InlineData(5, "sequence 5 is no longer in the journal: the oldest kept is 129")]
    [InlineData(999, "sequence 999 is not in the journal: the newest is 128")]
    public async Task ASequenceThatIsNotThereIsOutOfRange(ulong from, string message)
    {
        await using EventsHost host = await EventsHost.StartAsync(length: 0);
        await Task.WhenAll(Enumerable.Range(0, 128).Select(_ => host.Journal.PublishAsync(Event.Plain())));
        using AsyncServerStreamingCall<ShimStack.Api.Journal.Record> call = host.NewClient().Resume(new SubscribeRequest { FromSequence = from });
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => EventsClient.NextAsync(call));
        Assert.Equal((StatusCode.OutOfRange, message), (refusal.StatusCode, refusal.Status.Detail));
    }

    [Fact]
    public async Task TheStatusTellsWhatIsThere()
    {
        await using EventsHost host = await EventsHost.StartAsync();
        EventsClient client = host.NewClient();
        Assert.Equal(new StatusResponse { Oldest = 1 }, await client.StatusAsync());
        await host.Journal.PublishAsync(Event.Create("c", 10));
        await host.Journal.PublishAsync(Event.Exit("c", 10));
        Assert.Equal(new StatusResponse { Oldest = 1, Newest = 2, OwedExits = 1 }, await client.StatusAsync());
    }
}
