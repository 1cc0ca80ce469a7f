using Google.Protobuf.WellKnownTypes;

namespace ShimStack.Ttrpc.Tests;

[Collection(nameof(Alone))]
public sealed class FootprintTests
{
    [Fact]
    public async Task WithASynchronizationContextEveryHandlerRunsOnItsThread()
    {
        HashSet<int> threads = [];
        int loop = 0;
        await SingleThread.RunAsync(async () =>
        {
            loop = Environment.CurrentManagedThreadId;
            TestServer server = new();
            server.Server.AddMethod<StringValue, StringValue>(TestServer.Service, "Where", StringValue.Parser, async (request, _) =>
            {
                threads.Add(Environment.CurrentManagedThreadId);
                await Task.Yield();
                threads.Add(Environment.CurrentManagedThreadId);
                return request;
            });
            (MemoryStreamEnd clientEnd, MemoryStreamEnd serverEnd) = MemoryStreamEnd.Pair(capacity: 64);
            TtrpcServerConnection connection = server.Server.Accept(serverEnd);
            TtrpcClient client = new(clientEnd, new TtrpcClientOptions());
            StringValue[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
            {
                StringValue answer = await client.CallAsync(TestServer.Service, "Where", RawPeer.Text($"{i}"), StringValue.Parser);
                threads.Add(Environment.CurrentManagedThreadId);
                return answer;
            }));
            Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}"), answers.Select(answer => answer.Value));
            await client.DisposeAsync();
            await connection.Completion;
        });
        Assert.Equal([loop], threads);
    }

    [Fact]
    public async Task WithASynchronizationContextTheThreadPoolIsNotUsed()
    {
        const int Count = 1000;
        long items = 0;
        await SingleThread.RunAsync(async () =>
        {
            TestServer server = new();
            server.Server.AddDuplexStream<StringValue, StringValue>(TestServer.Service, "Talk", StringValue.Parser, async (requests, responses, context) =>
            {
                while (await requests.ReadAsync(context.Cancellation) is StringValue text)
                {
                    await responses.WriteAsync(text, context.Cancellation);
                }
            });
            (MemoryStreamEnd clientEnd, MemoryStreamEnd serverEnd) = MemoryStreamEnd.Pair(capacity: 64);
            TtrpcServerConnection connection = server.Server.Accept(serverEnd);
            TtrpcClient client = new(clientEnd, new TtrpcClientOptions());
            using CancellationTokenSource cancel = new();
            using TtrpcStreamCall<StringValue, StringValue> talk =
                client.OpenStream<StringValue, StringValue>(TestServer.Service, "Talk", null, StringValue.Parser);
            TtrpcCallOptions options = new() { Timeout = TimeSpan.FromHours(1) };
            long before = ThreadPool.CompletedWorkItemCount;
            for (int i = 0; i < Count; i++)
            {
                Task<StringValue> call = client.CallAsync(TestServer.Service, "Wait", RawPeer.Text($"{i}"), StringValue.Parser, options, cancel.Token);
                await talk.SendAsync(RawPeer.Text("x"), cancel.Token);
                Assert.Equal("x", (await talk.Responses.ReadAsync(cancel.Token))?.Value);
                server.Answer($"{i}", "done");
                await call;
            }
            items = ThreadPool.CompletedWorkItemCount - before;
            await client.DisposeAsync();
            await connection.Completion;
        });
        Assert.InRange(items, 0, Count / 2); // the test runner has some of its own
    }

    [Fact]
    public async Task CallsFromManyThreadsAreAllAnswered()
    {
        (MemoryStreamEnd clientEnd, MemoryStreamEnd serverEnd) = MemoryStreamEnd.Pair(capacity: 256);
        TestServer server = new();
        server.Server.Accept(serverEnd);
        await using TtrpcClient client = new(clientEnd, new TtrpcClientOptions());
        await Parallel.ForAsync(0, 2000, async (i, cancellation) =>
        {
            StringValue answer = await client.CallAsync(TestServer.Service, "Echo", RawPeer.Text($"{i}"), StringValue.Parser, default, cancellation);
            Assert.Equal($"{i}", answer.Value);
        }).WithTimeout();
    }

    [Fact]
    public void AnIdleConnectionHoldsLittle()
    {
        const int Count = 500;
        TestServer server = new();
        List<object> kept = [];
        long held = Held(() =>
        {
            for (int i = 0; i < Count; i++)
            {
                kept.Add(server.Server.Accept(new SilentStream()));
            }
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{held / Count} bytes each");
        Assert.InRange(held / Count, FrameReader.IdleBufferLength, 3500);
        GC.KeepAlive(kept);
    }

    [Fact]
    public async Task AnOpenCallHoldsLittle()
    {
        const int Count = 2000;
        await using ServerFixture fixture = new();
        await fixture.Peer.RequestAsync(1, "Wait", RawPeer.Text("task"));
        await fixture.Server.StartedAsync();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (uint i = 1; i <= Count; i++)
        {
            await fixture.Peer.RequestAsync((2 * i) + 1, "Wait", RawPeer.Text("task"));
            await fixture.Server.StartedAsync();
        }
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"{held / Count} bytes each");
        Assert.InRange(held / Count, 100, 1800);
        Assert.Equal(Count + 1, fixture.Connection.OpenCalls.Count);
    }

    private static long Held(Action action)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        action();
        return GC.GetTotalMemory(forceFullCollection: true) - before;
    }
}
