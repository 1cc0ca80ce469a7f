using Google.Protobuf.WellKnownTypes;

namespace ShimStack.Ttrpc.Tests;

public sealed class StreamServerTests
{
    private readonly TestServer _server = new(new TtrpcServerOptions { MaxStreamBuffer = 2000, MaxMessageLength = 100_000 });

    [Fact]
    public async Task AClientStreamIsReadToItsHalfCloseAndAnsweredOnce()
    {
        _server.Server.AddClientStream<StringValue, StringValue>(TestServer.Service, "Join", StringValue.Parser, async (requests, context) =>
        {
            List<string> texts = [];
            await foreach (StringValue text in requests.ReadAllAsync(context.Cancellation))
            {
                texts.Add(text.Value);
            }
            return RawPeer.Text(string.Join('+', texts));
        });
        await using ServerFixture fixture = new(server: _server);
        await fixture.Peer.RequestAsync(1, "Join", RawPeer.Text(""), FrameFlags.RemoteOpen);
        await fixture.Peer.DataAsync(1, "a");
        await fixture.Peer.DataAsync(1, "");
        await fixture.Peer.DataAsync(1, "b");
        await fixture.Peer.DataEndAsync(1);
        await fixture.Peer.ExpectTextAsync(1, "a++b");
        await fixture.Peer.DataAsync(1, "late");
        await fixture.Peer.ExpectErrorAsync(1, RpcCode.InvalidArgument, "StreamID is no longer active");
    }

    [Fact]
    public async Task AServerStreamEndsWithAClosingDataFrame()
    {
        _server.Server.AddServerStream<StringValue, StringValue>(TestServer.Service, "Split", StringValue.Parser, async (request, responses, _) =>
        {
            foreach (string part in request.Value.Split(' '))
            {
                await responses.WriteAsync(RawPeer.Text(part));
            }
        });
        await using ServerFixture fixture = new(server: _server);
        await fixture.Peer.RequestAsync(1, "Split", RawPeer.Text("a b"), FrameFlags.RemoteClosed);
        await ExpectDataAsync(fixture.Peer, 1, "a");
        await ExpectDataAsync(fixture.Peer, 1, "b");
        Frame end = await fixture.Peer.ReadAsync();
        Assert.Equal(new FrameHeader(0, 1, FrameType.Data, FrameFlags.RemoteClosed | FrameFlags.NoData), end.Header);
        await fixture.Peer.DataEndAsync(1);
        await fixture.Peer.ExpectErrorAsync(1, RpcCode.InvalidArgument, "StreamID is no longer active");
    }

    [Fact]
    public async Task ADuplexStreamAnswersWhileItIsAsked()
    {
        AddEcho();
        await using ServerFixture fixture = new(server: _server);
        await fixture.Peer.RequestAsync(1, "Talk", RawPeer.Text(""), FrameFlags.RemoteOpen);
        await fixture.Peer.DataAsync(1, "a");
        await ExpectDataAsync(fixture.Peer, 1, "a");
        await fixture.Peer.DataAsync(1, "b", FrameFlags.RemoteClosed); // the last message may carry the flag
        await ExpectDataAsync(fixture.Peer, 1, "b");
        Assert.Equal(FrameFlags.RemoteClosed | FrameFlags.NoData, (await fixture.Peer.ReadAsync()).Header.Flags);
    }

    [Fact]
    public async Task AStreamThatFailsIsAnsweredWithItsStatus()
    {
        _server.Server.AddDuplexStream<StringValue, StringValue>(TestServer.Service, "Talk", StringValue.Parser, async (requests, _, _) =>
        {
            await requests.ReadAsync();
            throw RpcException.NotFound("nobody here");
        });
        await using ServerFixture fixture = new(server: _server);
        await fixture.Peer.RequestAsync(1, "Talk", RawPeer.Text(""), FrameFlags.RemoteOpen);
        await fixture.Peer.DataAsync(1, "a");
        await fixture.Peer.ExpectErrorAsync(1, RpcCode.NotFound, "nobody here");
    }

    [Fact]
    public async Task DataOfAStreamThatHalfClosedIsRefused()
    {
        AddEcho();
        await using ServerFixture fixture = new(server: _server);
        await fixture.Peer.RequestAsync(1, "Talk", RawPeer.Text(""), FrameFlags.RemoteClosed);
        Assert.Equal(FrameType.Data, (await fixture.Peer.ReadAsync()).Header.Type);
        await fixture.Peer.DataAsync(1, "a");
        await fixture.Peer.ExpectErrorAsync(1, RpcCode.InvalidArgument, "StreamID is no longer active");
    }

    [Fact]
    public async Task DataForAUnaryCallIsRefused()
    {
        await using ServerFixture fixture = new(server: _server);
        await fixture.Peer.RequestAsync(1, "Wait", RawPeer.Text("a"));
        await fixture.Peer.DataAsync(1, "b");
        await fixture.Peer.ExpectErrorAsync(1, RpcCode.InvalidArgument, "StreamID is no longer active");
    }

    [Fact]
    public async Task TheRequestMayCarryTheFirstMessage()
    {
        AddEcho();
        await using ServerFixture fixture = new(server: _server);
        await fixture.Peer.RequestAsync(1, "Talk", RawPeer.Text("first"), FrameFlags.RemoteOpen);
        await ExpectDataAsync(fixture.Peer, 1, "first");
    }

    [Fact]
    public async Task AMessageThatIsTooLongEndsTheStream()
    {
        AddEcho();
        await using ServerFixture fixture = new(server: _server);
        await fixture.Peer.RequestAsync(1, "Talk", RawPeer.Text(""), FrameFlags.RemoteOpen);
        await fixture.Peer.WriteAsync(Frame.Encode(1, FrameType.Data, FrameFlags.None, new byte[100_001]));
        await fixture.Peer.ExpectErrorAsync(1, RpcCode.ResourceExhausted, "message length 100001 exceed maximum message size of 100000");
        await fixture.Peer.DataAsync(1, "a");
        await fixture.Peer.ExpectErrorAsync(1, RpcCode.InvalidArgument, "StreamID is no longer active");
    }

    [Fact]
    public async Task AHandlerIsRefusedAMessageThatIsTooLong()
    {
        _server.Server.AddServerStream<StringValue, StringValue>(TestServer.Service, "Split", StringValue.Parser, async (_, responses, _) =>
            await responses.WriteAsync(RawPeer.Text(new string('x', 100_000))));
        await using ServerFixture fixture = new(server: _server);
        await fixture.Peer.RequestAsync(1, "Split", RawPeer.Text(""), FrameFlags.RemoteClosed);
        await fixture.Peer.ExpectErrorAsync(1, RpcCode.ResourceExhausted, "message length 100004 exceed maximum message size of 100000");
    }

    [Fact]
    public async Task WhatWaitsForASlowHandlerIsBoundedAndNothingIsLost()
    {
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Server.AddClientStream<StringValue, StringValue>(TestServer.Service, "Count", StringValue.Parser, async (requests, _) =>
        {
            await go.Task;
            int count = 0;
            while (await requests.ReadAsync() is not null)
            {
                count++;
            }
            return RawPeer.Text($"{count}");
        });
        await using ServerFixture fixture = new(server: _server, capacity: 500);
        await fixture.Peer.RequestAsync(1, "Count", RawPeer.Text(""), FrameFlags.RemoteOpen);
        int sent = 0;
        Task sending = Task.Run(async () =>
        {
            for (; sent < 200; sent++)
            {
                await fixture.Peer.DataAsync(1, new string('x', 100));
            }
            await fixture.Peer.DataEndAsync(1);
        });
        await Waiting.UntilAsync(() => sent >= 10);
        go.SetResult();
        await sending.WithTimeout();
        await fixture.Peer.ExpectTextAsync(1, "200");
    }

    [Fact]
    public async Task AFullStreamDoesNotKeepItsConnectionFromBeingPutDown()
    {
        _server.Server.AddClientStream<StringValue, StringValue>(TestServer.Service, "Stuck", StringValue.Parser, async (_, context) =>
        {
            await Task.Delay(Timeout.Infinite, context.Cancellation);
            return RawPeer.Text("");
        });
        await using ServerFixture fixture = new(server: _server);
        await fixture.Peer.RequestAsync(1, "Stuck", RawPeer.Text(""), FrameFlags.RemoteOpen);
        for (int i = 0; i < 30; i++)
        {
            await fixture.Peer.DataAsync(1, new string('x', 100));
        }
        await fixture.Peer.RequestAsync(3, "Echo", RawPeer.Text("behind"));
        await Waiting.UntilAsync(() => fixture.Stream.BytesRead >= 1400); // 1375 have room
        ServerConnectionState? state = await fixture.Connection.PutDownAsync().WithTimeout();
        Assert.NotNull(state);
        Assert.NotEqual(0, state.HalfRead.Length); // what found no room
        Assert.Empty(state.OpenCalls);
        fixture.Connection = _server.Server.Resume(fixture.Stream, state);
        await fixture.Peer.ExpectErrorAsync(1, RpcCode.Unavailable, "the server is being replaced: open the stream again");
        Frame frame = await fixture.Peer.ReadAsync();
        while (frame.Header.StreamId == 1)
        {
            frame = await fixture.Peer.ReadAsync(); // data that came after is for a stream that is no longer active
        }
        Assert.Equal(3u, frame.Header.StreamId);
    }

    [Fact]
    public async Task AnInboxHoldsItsLimitAndOneMessageAtLeast()
    {
        StreamInbox inbox = new(limit: 100);
        await inbox.AddAsync(new byte[500], CancellationToken.None).WithTimeout();
        Task second = inbox.AddAsync(new byte[1], CancellationToken.None).AsTask();
        Assert.False(second.IsCompleted);
        Assert.Equal(500, (await inbox.TakeAsync(CancellationToken.None).WithTimeout())!.Value.Length);
        await second.WithTimeout();
        inbox.Close(null);
        Assert.Equal(1, (await inbox.TakeAsync(CancellationToken.None).WithTimeout())!.Value.Length);
        Assert.Null(await inbox.TakeAsync(CancellationToken.None).WithTimeout());
    }

    private void AddEcho() =>
        _server.Server.AddDuplexStream<StringValue, StringValue>(TestServer.Service, "Talk", StringValue.Parser, async (requests, responses, context) =>
        {
            while (await requests.ReadAsync(context.Cancellation) is StringValue text)
            {
                await responses.WriteAsync(text, context.Cancellation);
            }
        });

    private static async Task ExpectDataAsync(RawPeer peer, uint streamId, string text)
    {
        Frame frame = await peer.ReadAsync();
        Assert.Equal((streamId, FrameType.Data, FrameFlags.None), (frame.Header.StreamId, frame.Header.Type, frame.Header.Flags));
        Assert.Equal(text, StringValue.Parser.ParseFrom(frame.Payload.Span).Value);
    }
}
