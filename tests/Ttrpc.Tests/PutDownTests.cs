using System.Net.Sockets;
using CsCheck;
using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;
using ShimStack.Ttrpc.Wire;

namespace ShimStack.Ttrpc.Tests;

public sealed class PutDownTests
{
    [Fact]
    public async Task OpenCallsAreRecordsAndAreAnsweredByWhoPicksThemUp()
    {
        await using ServerFixture fixture = new();
        Request first = RawPeer.Request("Wait", RawPeer.Text("a"));
        first.Metadata.Add(new KeyValue { Key = "k", Value = "v" });
        await fixture.Peer.WriteAsync(Frame.Encode(1, FrameType.Request, FrameFlags.None, first.ToByteArray()));
        await fixture.Peer.RequestAsync(7, "Wait", RawPeer.Text("b"));
        ServerCallContext context = await fixture.Server.StartedAsync();
        await fixture.Server.StartedAsync();

        ServerConnectionState state = Some(await fixture.Connection.PutDownAsync().WithTimeout());
        await fixture.Connection.Completion.WithTimeout();
        Assert.True(context.Cancellation.IsCancellationRequested);
        Assert.False(fixture.Stream.IsDisposed);
        Assert.Equal((7u, 0, 0), (state.LastStreamId, state.HalfRead.Length, state.HalfWritten.Length));
        Assert.Equal([(1u, "Wait"), (7u, "Wait")], state.OpenCalls.Select(call => (call.StreamId, call.Method)));
        Assert.Equal(first.ToByteArray(), state.OpenCalls[0].Request.ToArray());

        TestServer next = new();
        TtrpcServerConnection resumed = next.Server.Resume(fixture.Stream, state);
        Assert.Equal([new("k", "v")], (await next.StartedAsync()).Metadata);
        Assert.Equal(state.OpenCalls.Select(Text), resumed.OpenCalls.Select(Text));
        next.Answer("b", "2");
        await fixture.Peer.ExpectTextAsync(7, "2");
        next.Answer("a", "1");
        await fixture.Peer.ExpectTextAsync(1, "1");
        await fixture.Peer.RequestAsync(7, "Echo");
        await fixture.Peer.ExpectErrorAsync(7, RpcCode.InvalidArgument, "StreamID cannot be re-used and must increment");
        resumed.Abort();
    }

    [Fact]
    public async Task OnARealSocketNoByteIsLostInTheMiddleOfAFrame()
    {
        (NetworkStream client, NetworkStream server) = await SocketPair.CreateAsync();
        await using NetworkStream closing = client;
        RawPeer peer = new(client);
        TestServer first = new();
        TtrpcServerConnection connection = first.Server.Accept(server);
        await peer.RequestAsync(1, "Wait", RawPeer.Text("open"));
        await first.StartedAsync();
        byte[] frame = Frame.Encode(3, FrameType.Request, FrameFlags.None, RawPeer.Request("Echo", RawPeer.Text(new string('y', 5000))).ToByteArray());
        await peer.WriteAsync(frame[..2345]);

        ServerConnectionState state = Some(await connection.PutDownAsync().WithTimeout());
        await peer.WriteAsync(frame[2345..]);
        TestServer second = new();
        connection = second.Server.Resume(server, state);
        await peer.ExpectTextAsync(3, new string('y', 5000));
        second.Answer("open", "answered");
        await peer.ExpectTextAsync(1, "answered");
        connection.Abort();
        await connection.Completion.WithTimeout();
    }

    [Fact]
    public async Task AnAnswerThatIsHalfWrittenIsFinishedFirst()
    {
        await using ServerFixture fixture = new(capacity: 50);
        string text = new('z', 500);
        await fixture.Peer.RequestAsync(1, "Echo", RawPeer.Text(text));
        await Waiting.UntilAsync(() => fixture.Connection.QueuedLength > 0);
        ServerConnectionState state = Some(await fixture.Connection.PutDownAsync().WithTimeout());
        Assert.InRange(state.HalfWritten.Length, 400, 480);
        Assert.Empty(state.OpenCalls);
        TestServer next = new();
        TtrpcServerConnection resumed = next.Server.Resume(fixture.Stream, state);
        await fixture.Peer.ExpectTextAsync(1, text);
        resumed.Abort();
    }

    [Fact]
    public async Task APayloadThatIsBeingThrownAwayIsThrownAwayToItsEnd()
    {
        await using ServerFixture fixture = new(new TtrpcServerOptions { MaxMessageLength = 1000 });
        byte[] frame = Frame.Encode(1, FrameType.Request, FrameFlags.None, new byte[9000]);
        await fixture.Peer.WriteAsync(frame[..3000]);
        await fixture.Peer.ExpectErrorAsync(1, RpcCode.ResourceExhausted, "message length 9000 exceed maximum message size of 1000");
        ServerConnectionState state = Some(await fixture.Connection.PutDownAsync().WithTimeout());
        TestServer next = new(new TtrpcServerOptions { MaxMessageLength = 1000 });
        TtrpcServerConnection resumed = next.Server.Resume(fixture.Stream, state);
        await fixture.Peer.WriteAsync(frame[3000..]);
        await fixture.Peer.RequestAsync(3, "Echo", RawPeer.Text("next"));
        await fixture.Peer.ExpectTextAsync(3, "next");
        resumed.Abort();
    }

    [Fact]
    public async Task WhateverTheMomentEachCallIsAnsweredOnceAndTheBytesAreExact() =>
        await Gen.Select(Gen.Int[0, 800].Array[1, 8], Gen.Int[1, 400], Gen.Int[1, 300]).SampleAsync(async (lengths, piece, capacity) =>
        {
            (MemoryStreamEnd client, MemoryStreamEnd server) = MemoryStreamEnd.Pair(capacity);
            TestServer shared = new();
            TtrpcServerConnection connection = shared.Server.Accept(server);
            byte[] requests = [.. lengths.SelectMany((length, i) => Frame.Encode(
                (uint)((2 * i) + 1), FrameType.Request, FrameFlags.None, RawPeer.Request(i % 2 == 0 ? "Echo" : "Wait", RawPeer.Text(Name(i, length))).ToByteArray()))];
            RawPeer peer = new(client);
            Dictionary<uint, byte[]> answers = [];
            Task reading = ReadAnswersAsync(peer, answers, lengths.Length);
            for (int at = 0; at < requests.Length; at += piece)
            {
                await peer.WriteAsync(requests[at..Math.Min(at + piece, requests.Length)]);
                ServerConnectionState state = Some(await connection.PutDownAsync().WithTimeout());
                connection = shared.Server.Resume(server, state);
            }
            for (int i = 1; i < lengths.Length; i += 2)
            {
                shared.Answer(Name(i, lengths[i]), Name(i, lengths[i]));
            }
            await reading.WithTimeout();
            for (int i = 0; i < lengths.Length; i++)
            {
                Assert.Equal(new Response { Payload = RawPeer.Text(Name(i, lengths[i])).ToByteString() }.ToByteArray(), answers[(uint)((2 * i) + 1)]);
            }
            connection.Abort();
        }, iter: 60);

    [Fact]
    public async Task ADeadlineGoesOnWhereItWas()
    {
        FakeTimeProvider time = new();
        await using ServerFixture fixture = new(new TtrpcServerOptions { TimeProvider = time });
        Request request = RawPeer.Request("Wait");
        request.TimeoutNano = 10_000_000_000;
        await fixture.Peer.WriteAsync(Frame.Encode(1, FrameType.Request, FrameFlags.None, request.ToByteArray()));
        await fixture.Server.StartedAsync();
        time.Advance(TimeSpan.FromSeconds(6));
        ServerConnectionState state = Some(await fixture.Connection.PutDownAsync().WithTimeout());
        TestServer next = new(new TtrpcServerOptions { TimeProvider = time });
        TtrpcServerConnection resumed = next.Server.Resume(fixture.Stream, state);
        await next.StartedAsync();
        time.Advance(TimeSpan.FromSeconds(4));
        await fixture.Peer.ExpectErrorAsync(1, RpcCode.DeadlineExceeded, "context deadline exceeded");
        resumed.Abort();
    }

    [Fact]
    public async Task ACallWhoseDeadlinePassedMeanwhileIsAnsweredAndNotStartedAgain()
    {
        FakeTimeProvider time = new();
        await using ServerFixture fixture = new();
        TestServer next = new(new TtrpcServerOptions { TimeProvider = time });
        OpenCall call = new(1, TestServer.Service, "Echo", RawPeer.Request("Echo", RawPeer.Text("a")).ToByteArray(), time.GetUtcNow());
        ServerConnectionState state = Some(await fixture.Connection.PutDownAsync().WithTimeout());
        fixture.Connection = next.Server.Resume(fixture.Stream, state with { LastStreamId = 1, OpenCalls = [call] });
        await fixture.Peer.ExpectErrorAsync(1, RpcCode.DeadlineExceeded, "context deadline exceeded");
        await fixture.Peer.RequestAsync(3, "Echo", RawPeer.Text("b"));
        Assert.Equal(3u, (await next.StartedAsync()).StreamId);
    }

    [Fact]
    public async Task WhatAnOldHandlerReturnsAfterwardsIsDropped()
    {
        await using ServerFixture fixture = new();
        await fixture.Peer.RequestAsync(1, "Stubborn", RawPeer.Text("a"));
        await fixture.Server.StartedAsync();
        ServerConnectionState state = Some(await fixture.Connection.PutDownAsync().WithTimeout());
        fixture.Server.Answer("a", "old");
        await fixture.Connection.Completion.WithTimeout();
        TestServer next = new();
        TtrpcServerConnection resumed = next.Server.Resume(fixture.Stream, state);
        await next.StartedAsync();
        next.Answer("a", "new");
        await fixture.Peer.ExpectTextAsync(1, "new");
        resumed.Abort();
    }

    [Fact]
    public async Task AMethodThatTheNextBuildDoesNotKnowIsAnsweredUnimplemented()
    {
        await using ServerFixture fixture = new();
        await fixture.Peer.RequestAsync(1, "Wait", RawPeer.Text("a"));
        await fixture.Server.StartedAsync();
        ServerConnectionState state = Some(await fixture.Connection.PutDownAsync().WithTimeout());
        TtrpcServer empty = new(new TtrpcServerOptions(), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        TtrpcServerConnection resumed = empty.Resume(fixture.Stream, state);
        await fixture.Peer.ExpectErrorAsync(1, RpcCode.Unimplemented, $"service {TestServer.Service}");
        resumed.Abort();
    }

    [Fact]
    public async Task AConnectionThatIsGoneGivesNothing()
    {
        await using ServerFixture fixture = new();
        fixture.Disconnect();
        await fixture.Connection.Completion.WithTimeout();
        Assert.Null(await fixture.Connection.PutDownAsync().WithTimeout());
        await Assert.ThrowsAsync<InvalidOperationException>(() => fixture.Connection.PutDownAsync().WithTimeout());
    }

    private static ServerConnectionState Some(ServerConnectionState? state)
    {
        Assert.NotNull(state);
        return state;
    }

    private static string Text(OpenCall call) =>
        $"{call.StreamId} {call.Service} {call.Method} {Convert.ToHexString(call.Request.Span)} {call.Deadline}";

    private static string Name(int i, int length) => $"{i}:{new string('n', length)}";

    private static async Task ReadAnswersAsync(RawPeer peer, Dictionary<uint, byte[]> answers, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Frame frame = await peer.ReadAsync();
            answers.Add(frame.Header.StreamId, frame.Payload.ToArray());
        }
    }
}
