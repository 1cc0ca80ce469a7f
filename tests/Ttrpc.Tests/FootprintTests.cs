using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;

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
        const int Count = 100;
        TestServer server = new();
        SilentStream[] streams = [.. Enumerable.Range(0, Count + 1).Select(_ => new SilentStream())];
        server.Server.Accept(streams[Count]); // what is needed once
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Count; i++)
        {
            server.Server.Accept(streams[i]);
        }
        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / Count;
        TestContext.Current.TestOutputHelper?.WriteLine($"{each} bytes each");
        Assert.InRange(each, FrameReader.IdleBufferLength, 3500);
    }

    [Fact]
    public async Task AnOpenCallHoldsLittle()
    {
        const int Count = 500;
        TestServer server = new();
        TaskCompletionSource<StringValue> never = new();
        server.Server.AddMethod<StringValue, StringValue>(TestServer.Service, "Never", StringValue.Parser, (_, _) => new(never.Task));
        byte[] requests = [.. Enumerable.Range(0, Count).SelectMany(i => Frame.Encode(
            (uint)((2 * i) + 1), FrameType.Request, FrameFlags.None, RawPeer.Request("Never", RawPeer.Text("task")).ToByteArray()))];
        FrameReader reader = new(new ChunkStream(requests), 1000);
        FrameWriter writer = new(new SilentStream(), e => throw e);
        ServerCalls calls = new(new TtrpcServerOptions(), writer, NullLogger.Instance);
        ServerDispatcher dispatcher = new(server.Server, calls, writer, NullLogger.Instance);
        long before = GC.GetAllocatedBytesForCurrentThread();
        while (reader.ReadAsync(CancellationToken.None).AsTask() is { IsCompletedSuccessfully: true, Result: true })
        {
            Assert.True(dispatcher.DispatchAsync(reader.Frame, CancellationToken.None).AsTask().IsCompletedSuccessfully);
            reader.Consume();
        }
        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / Count;
        TestContext.Current.TestOutputHelper?.WriteLine($"{each} bytes each, what is garbage at once included");
        Assert.Equal(Count, calls.Running);
        Assert.InRange(each, 100, 2200);
        await writer.PutDownAsync().WithTimeout();
    }
}
