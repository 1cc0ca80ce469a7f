using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Time.Testing;
using ShimStack.Ttrpc.Wire;

namespace ShimStack.Ttrpc.Tests;

public sealed class StreamClientTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TtrpcClient _client;
    private readonly RawPeer _peer;

    public StreamClientTests()
    {
        (MemoryStreamEnd client, MemoryStreamEnd server) = MemoryStreamEnd.Pair();
        _client = new TtrpcClient(client, new TtrpcClientOptions { TimeProvider = _time, MaxMessageLength = 100_000 });
        _peer = new RawPeer(server);
    }

    [Fact]
    public async Task AServerStreamIsAskedOnceAndReadToItsEnd()
    {
        using TtrpcStreamCall<StringValue, StringValue> stream = Open(RawPeer.Text("request"));
        Frame request = await _peer.ReadAsync();
        Assert.Equal((1u, FrameType.Request, FrameFlags.RemoteClosed), (request.Header.StreamId, request.Header.Type, request.Header.Flags));
        Assert.Equal("request", StringValue.Parser.ParseFrom(Request.Parser.ParseFrom(request.Payload.Span).Payload).Value);
        await _peer.DataAsync(1, "a");
        await _peer.DataAsync(1, "b");
        await _peer.DataEndAsync(1);
        List<string> texts = [];
        await foreach (StringValue text in stream.Responses.ReadAllAsync())
        {
            texts.Add(text.Value);
        }
        Assert.Equal(["a", "b"], texts);
        await Assert.ThrowsAsync<InvalidOperationException>(() => stream.SendAsync(RawPeer.Text("more")).WithTimeout());
    }

    [Fact]
    public async Task AClientStreamIsSentHalfClosedAndAnswered()
    {
        using TtrpcStreamCall<StringValue, StringValue> stream = Open(null);
        Assert.Equal(FrameFlags.RemoteOpen, (await _peer.ReadAsync()).Header.Flags);
        await stream.SendAsync(RawPeer.Text("a")).WithTimeout();
        stream.CloseSend();
        stream.CloseSend();
        Frame data = await _peer.ReadAsync();
        Assert.Equal((FrameType.Data, FrameFlags.None, "a"), (data.Header.Type, data.Header.Flags, StringValue.Parser.ParseFrom(data.Payload.Span).Value));
        Assert.Equal(new FrameHeader(0, 1, FrameType.Data, FrameFlags.RemoteClosed | FrameFlags.NoData), (await _peer.ReadAsync()).Header);
        await _peer.WriteAsync(Envelope.Success(1, RawPeer.Text(""), 100));
        Assert.Equal("", (await stream.Responses.ReadAsync().WithTimeout())?.Value);
        Assert.Null(await stream.Responses.ReadAsync().WithTimeout());
    }

    [Fact]
    public async Task AnEmptyAnswerAfterDataIsOnlyTheEnd()
    {
        using TtrpcStreamCall<StringValue, StringValue> stream = Open(null);
        await _peer.DataAsync(1, "a");
        await _peer.WriteAsync(Envelope.Success(1, RawPeer.Text(""), 100));
        Assert.Equal("a", (await stream.Responses.ReadAsync().WithTimeout())?.Value);
        Assert.Null(await stream.Responses.ReadAsync().WithTimeout());
    }

    [Fact]
    public async Task TheStatusComesAfterTheMessagesBeforeItAndStopsSending()
    {
        using TtrpcStreamCall<StringValue, StringValue> stream = Open(null);
        await _peer.DataAsync(1, "a");
        await _peer.WriteAsync(Envelope.Failure(1, new RpcException(RpcCode.Aborted, "enough"), 100));
        Assert.Equal("a", (await stream.Responses.ReadAsync().WithTimeout())?.Value);
        RpcException read = await Assert.ThrowsAsync<RpcException>(() => stream.Responses.ReadAsync().WithTimeout());
        RpcException sent = await Assert.ThrowsAsync<RpcException>(() => stream.SendAsync(RawPeer.Text("x")).WithTimeout());
        Assert.Equal((RpcCode.Aborted, "enough"), (read.Code, read.Message));
        Assert.Equal((RpcCode.Aborted, "enough"), (sent.Code, sent.Message));
    }

    [Fact]
    public async Task AMessageThatIsTooLongIsRefusedHere()
    {
        using TtrpcStreamCall<StringValue, StringValue> stream = Open(null);
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => stream.SendAsync(RawPeer.Text(new string('x', 100_000))).WithTimeout());
        Assert.Equal((RpcCode.ResourceExhausted, "message length 100004 exceed maximum message size of 100000"), (error.Code, error.Message));
        await stream.SendAsync(RawPeer.Text("short")).WithTimeout();
    }

    [Fact]
    public async Task TheTimeoutEndsTheWholeStream()
    {
        using TtrpcStreamCall<StringValue, StringValue> stream = Open(null, new TtrpcCallOptions { Timeout = TimeSpan.FromSeconds(1) });
        Task<StringValue?> read = stream.Responses.ReadAsync().WithTimeout();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(RpcCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => read)).Code);
    }

    [Fact]
    public async Task ADisposedStreamIsHalfClosedAndForgotten()
    {
        Open(null).Dispose();
        Assert.Equal(FrameType.Request, (await _peer.ReadAsync()).Header.Type);
        Assert.Equal(FrameFlags.RemoteClosed | FrameFlags.NoData, (await _peer.ReadAsync()).Header.Flags);
        await _peer.DataAsync(1, "late");
        using TtrpcStreamCall<StringValue, StringValue> next = Open(null);
        Assert.Equal(3u, (await _peer.ReadAsync()).Header.StreamId);
        await _peer.DataAsync(3, "a");
        Assert.Equal("a", (await next.Responses.ReadAsync().WithTimeout())?.Value);
    }

    [Fact]
    public async Task OurClientAndOurServerTalkInBothDirections()
    {
        (MemoryStreamEnd clientEnd, MemoryStreamEnd serverEnd) = MemoryStreamEnd.Pair(capacity: 300);
        TestServer server = new(new TtrpcServerOptions { MaxStreamBuffer = 500 });
        server.Server.AddDuplexStream<StringValue, StringValue>(TestServer.Service, "Talk", StringValue.Parser, async (requests, responses, _) =>
        {
            await foreach (StringValue text in requests.ReadAllAsync())
            {
                await responses.WriteAsync(text);
            }
        });
        TtrpcServerConnection connection = server.Server.Accept(serverEnd);
        await using TtrpcClient client = new(clientEnd, new TtrpcClientOptions { MaxStreamBuffer = 500 });
        using TtrpcStreamCall<StringValue, StringValue> stream = client.OpenStream<StringValue, StringValue>(TestServer.Service, "Talk", null, StringValue.Parser);
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < 1000; i++)
            {
                await stream.SendAsync(RawPeer.Text($"{i}"));
            }
            stream.CloseSend();
        });
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal($"{i}", (await stream.Responses.ReadAsync().WithTimeout())?.Value);
        }
        Assert.Null(await stream.Responses.ReadAsync().WithTimeout());
        await sending.WithTimeout();
        Assert.Empty(connection.OpenCalls);
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private TtrpcStreamCall<StringValue, StringValue> Open(StringValue? request, TtrpcCallOptions options = default) =>
        _client.OpenStream(TestServer.Service, "Talk", request, StringValue.Parser, options);
}
