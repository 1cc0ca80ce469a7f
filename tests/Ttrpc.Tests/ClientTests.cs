using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Time.Testing;
using ShimStack.Ttrpc.Wire;

namespace ShimStack.Ttrpc.Tests;

public sealed class ClientTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TtrpcClient _client;
    private readonly RawPeer _peer;

    public ClientTests()
    {
        (MemoryStreamEnd client, MemoryStreamEnd server) = MemoryStreamEnd.Pair();
        _client = new TtrpcClient(client, new TtrpcClientOptions { TimeProvider = _time, MaxMessageLength = 100_000 });
        _peer = new RawPeer(server);
    }

    [Fact]
    public async Task CallsTakeOddIncreasingStreamsAndAnswersFindThem()
    {
        Task<StringValue> first = CallAsync("a");
        Task<StringValue> second = CallAsync("b");
        Assert.Equal((1u, "a"), await ReceiveAsync());
        Assert.Equal((3u, "b"), await ReceiveAsync());
        await AnswerAsync(3, "B");
        await AnswerAsync(1, "A");
        Assert.Equal("B", (await second.WithTimeout()).Value);
        Assert.Equal("A", (await first.WithTimeout()).Value);
    }

    [Fact]
    public async Task AStatusBecomesAnExceptionEvenIfThePayloadDoesNotDecode()
    {
        Task<StringValue> call = CallAsync("a");
        Response response = new() { Status = new Status { Code = 5, Message = "no task" }, Payload = ByteString.CopyFrom(0xff) };
        await _peer.WriteAsync(Frame.Encode(1, FrameType.Response, FrameFlags.None, response.ToByteArray()));
        await FailsAsync(call, RpcCode.NotFound, "no task");
    }

    [Fact]
    public async Task AStatusWithCodeZeroIsSuccess()
    {
        Task<StringValue> call = CallAsync("a");
        Response response = new() { Status = new Status(), Payload = RawPeer.Text("fine").ToByteString() };
        await _peer.WriteAsync(Frame.Encode(1, FrameType.Response, FrameFlags.None, response.ToByteArray()));
        Assert.Equal("fine", (await call.WithTimeout()).Value);
    }

    [Fact]
    public async Task AnAnswerThatDoesNotDecodeFailsItsCallOnly()
    {
        Task<StringValue> bad = CallAsync("a");
        Task<StringValue> worse = CallAsync("b");
        Task<StringValue> good = CallAsync("c");
        await _peer.WriteAsync(Frame.Encode(1, FrameType.Response, FrameFlags.None, new Response { Payload = ByteString.CopyFrom(0xff) }.ToByteArray()));
        await _peer.WriteAsync(Frame.Encode(3, FrameType.Response, FrameFlags.None, [0xff]));
        await AnswerAsync(5, "ok");
        Assert.Equal(RpcCode.Internal, (await Assert.ThrowsAsync<RpcException>(() => bad.WithTimeout())).Code);
        Assert.Equal(RpcCode.Internal, (await Assert.ThrowsAsync<RpcException>(() => worse.WithTimeout())).Code);
        Assert.Equal("ok", (await good.WithTimeout()).Value);
    }

    [Fact]
    public async Task TheTimeoutIsSentAndEnforced()
    {
        Task<StringValue> call = CallAsync("a", new TtrpcCallOptions { Timeout = TimeSpan.FromSeconds(3) });
        Assert.Equal(3_000_000_000, Request.Parser.ParseFrom((await _peer.ReadAsync()).Payload.Span).TimeoutNano);
        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(call.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await FailsAsync(call, RpcCode.DeadlineExceeded, "context deadline exceeded");
        await StillWorksAsync(3);
    }

    [Fact]
    public async Task ATimeoutThatHasPassedSendsNothing()
    {
        await FailsAsync(CallAsync("a", new TtrpcCallOptions { Timeout = TimeSpan.Zero }), RpcCode.DeadlineExceeded, "context deadline exceeded");
        await StillWorksAsync(1);
    }

    [Fact]
    public async Task ACancelledCallIsForgottenAndItsLateAnswerDropped()
    {
        using CancellationTokenSource cancel = new();
        Task<StringValue> call = CallAsync("a", default, cancel.Token);
        Assert.Equal((1u, "a"), await ReceiveAsync());
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WithTimeout());
        await AnswerAsync(1, "late");
        await StillWorksAsync(3);
    }

    [Fact]
    public async Task MetadataIsSentInLowerCaseAndRepeated()
    {
        _ = CallAsync("a", new TtrpcCallOptions { Metadata = [new("Containerd-Namespace-Ttrpc", "Default"), new("k", "1"), new("K", "2")] });
        Request request = Request.Parser.ParseFrom((await _peer.ReadAsync()).Payload.Span);
        Assert.Equal(
            [("containerd-namespace-ttrpc", "Default"), ("k", "1"), ("k", "2")],
            request.Metadata.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal((TestServer.Service, "Echo", 0L), (request.Service, request.Method, request.TimeoutNano));
    }

    [Fact]
    public async Task ARequestThatIsTooLongIsRefusedHereAndTakesNoStream()
    {
        string text = new('x', 100_000);
        int length = RawPeer.Request("Echo", RawPeer.Text(text)).CalculateSize();
        await FailsAsync(CallAsync(text), RpcCode.ResourceExhausted, $"message length {length} exceed maximum message size of 100000");
        await StillWorksAsync(1);
    }

    [Fact]
    public async Task AnAnswerThatIsTooLongFailsItsCallOnly()
    {
        Task<StringValue> call = CallAsync("a");
        Assert.Equal((1u, "a"), await ReceiveAsync());
        await _peer.WriteAsync(Frame.Encode(1, FrameType.Response, FrameFlags.None, new byte[100_001]));
        await FailsAsync(call, RpcCode.ResourceExhausted, "message length 100001 exceed maximum message size of 100000");
        await StillWorksAsync(3);
    }

    [Fact]
    public async Task WhatIsNotKnownIsIgnored()
    {
        await _peer.WriteAsync(Frame.Encode(1, (FrameType)7, FrameFlags.None, [1, 2]));
        await _peer.WriteAsync(Frame.Encode(99, FrameType.Response, FrameFlags.None, [1, 2]));
        await _peer.WriteAsync(Frame.Encode(99, FrameType.Data, FrameFlags.None, [1, 2]));
        await StillWorksAsync(1);
    }

    [Fact]
    public async Task DataOnAUnaryStreamFailsTheCall()
    {
        Task<StringValue> call = CallAsync("a");
        await _peer.DataAsync(1, "x");
        await FailsAsync(call, RpcCode.Internal, "ttrpc: the server sent data on a unary stream");
    }

    [Fact]
    public async Task WhenTheConnectionIsLostAllCallsFailAndSoDoLaterOnes()
    {
        Task<StringValue> first = CallAsync("a");
        Task<StringValue> second = CallAsync("b");
        _peer.Stream.Dispose();
        await FailsAsync(first, RpcCode.Unavailable, "ttrpc: closed");
        await FailsAsync(second, RpcCode.Unavailable, "ttrpc: closed");
        await _client.Completion.WithTimeout();
        await FailsAsync(CallAsync("c"), RpcCode.Unavailable, "ttrpc: closed");
    }

    [Fact]
    public async Task DisposingFailsOpenCallsAndClosesTheConnection()
    {
        Task<StringValue> call = CallAsync("a");
        Assert.Equal((1u, "a"), await ReceiveAsync());
        await _client.DisposeAsync().WithTimeout();
        await FailsAsync(call, RpcCode.Unavailable, "ttrpc: closed");
        Assert.True(await _peer.IsAtEndAsync());
    }

    [Fact]
    public async Task WhenTheStreamIdsAreUsedUpCallsFail()
    {
        _client.Calls.StartAt(uint.MaxValue);
        _ = CallAsync("a");
        Assert.Equal((uint.MaxValue, "a"), await ReceiveAsync());
        await FailsAsync(CallAsync("b"), RpcCode.ResourceExhausted, "no stream ids are left on this connection");
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private Task<StringValue> CallAsync(string text, TtrpcCallOptions options = default, CancellationToken cancellation = default) =>
        _client.CallAsync(TestServer.Service, "Echo", RawPeer.Text(text), StringValue.Parser, options, cancellation);

    private async Task<(uint StreamId, string Text)> ReceiveAsync()
    {
        Frame frame = await _peer.ReadAsync();
        Assert.Equal((FrameType.Request, FrameFlags.None), (frame.Header.Type, frame.Header.Flags));
        return (frame.Header.StreamId, StringValue.Parser.ParseFrom(Request.Parser.ParseFrom(frame.Payload.Span).Payload).Value);
    }

    private Task AnswerAsync(uint streamId, string text) =>
        _peer.WriteAsync(Envelope.Success(streamId, RawPeer.Text(text), TtrpcServerOptions.DefaultMaxMessageLength));

    private async Task StillWorksAsync(uint streamId)
    {
        Task<StringValue> call = CallAsync("next");
        Assert.Equal((streamId, "next"), await ReceiveAsync());
        await AnswerAsync(streamId, "answer");
        Assert.Equal("answer", (await call.WithTimeout()).Value);
    }

    private static async Task FailsAsync(Task call, RpcCode code, string message)
    {
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => call.WithTimeout());
        Assert.Equal((code, message), (error.Code, error.Message));
    }
}
