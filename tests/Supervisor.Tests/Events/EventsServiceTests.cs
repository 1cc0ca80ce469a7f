using Grpc.Core;
using ShimStack.Api.Types;

namespace ShimStack.Supervisor.Tests.Events;

public sealed class EventsServiceTests
{
    [Fact]
    public async Task WhatIsPublishedReachesEverySubscriberInItsNamespace()
    {
        await using EventsHost host = await EventsHost.StartAsync();
        List<AsyncServerStreamingCall<Envelope>> calls = [];
        for (int i = 0; i < 10; i++)
        {
            calls.Add(await host.NewClient().SubscribeAsync());
        }

        await host.NewClient().PublishAsync("/a/b", "n");
        foreach (AsyncServerStreamingCall<Envelope> call in calls)
        {
            Envelope got = await EventsClient.NextAsync(call);
            Assert.Equal(("/a/b", "n", "test"), (got.Topic, got.Namespace, got.Event.TypeUrl));
            Assert.NotNull(got.Timestamp);
            call.Dispose();
        }
    }

    [Fact]
    public async Task APublicationWithoutANamespaceIsRefused()
    {
        await using EventsHost host = await EventsHost.StartAsync();
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => host.NewClient().PublishAsync("/a/b", null));
        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
    }

    [Fact]
    public async Task AFilterThatDoesNotParseIsRefused()
    {
        await using EventsHost host = await EventsHost.StartAsync();
        using AsyncServerStreamingCall<Envelope> call = await host.NewClient().SubscribeAsync("topic=x");
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => EventsClient.NextAsync(call));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
    }

    [Fact]
    public async Task ASubscriberThatDoesNotReadIsCutOffWithAReasonAndNobodyElseNotices()
    {
        const int Queue = 100;
        const int Count = 20_000;
        await using EventsHost host = await EventsHost.StartAsync(queue: Queue);
        using AsyncServerStreamingCall<Envelope> slow = await host.NewClient().SubscribeAsync("namespace==moby");
        using AsyncServerStreamingCall<Envelope> good = await host.NewClient().SubscribeAsync();
        for (int i = 0; i < Count; i += Queue / 2)
        {
            // The one that reads keeps up, for it is waited for.
            await Task.WhenAll(Enumerable.Range(0, Queue / 2).Select(_ => host.Journal.PublishAsync(Event.Plain())))
                .WaitAsync(Limit.Time, TestContext.Current.CancellationToken);
            for (int j = 0; j < Queue / 2; j++)
            {
                await EventsClient.NextAsync(good);
            }
        }

        await host.Journal.PublishAsync(Event.Plain("/last")).WaitAsync(Limit.Time, TestContext.Current.CancellationToken);
        Assert.Equal("/last", (await EventsClient.NextAsync(good)).Topic);
        Assert.Equal(1, host.Journal.Subscribers);
        RpcException end = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true)
            {
                await EventsClient.NextAsync(slow);
            }
        });
        Assert.Equal(
            (StatusCode.ResourceExhausted, "subscriber is too slow: 100 events wait for it, which is the most; subscribe again"),
            (end.StatusCode, end.Status.Detail));
    }

    [Fact]
    public async Task AClientThatGoesIsForgotten()
    {
        await using EventsHost host = await EventsHost.StartAsync();
        EventsClient client = host.NewClient();
        AsyncServerStreamingCall<Envelope> call = await client.SubscribeAsync();
        Assert.Equal(1u, (await client.StatusAsync()).Subscribers);
        call.Dispose();
        using CancellationTokenSource limit = new(Limit.Time);
        while ((await client.StatusAsync()).Subscribers != 0)
        {
            await Task.Delay(10, limit.Token);
        }
    }
}
