using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Ttrpc.Wire;

namespace ShimStack.Ttrpc.Tests;

public sealed class UnaryServerTests
{
    private const int Limit = TtrpcServerOptions.DefaultMaxMessageLength;

    [Fact]
    public async Task ARequestIsAnsweredOnItsStream()
    {
        await using ServerFixture fixture = new();
        await fixture.Peer.RequestAsync(1, "Echo", RawPeer.Text("a"));
        await fixture.Peer.ExpectTextAsync(1, "a");
        await fixture.Peer.RequestAsync(9, "Echo", RawPeer.Text("b"));
        await fixture.Peer.ExpectTextAsync(9, "b");
    }

    [Fact]
    public async Task AnswersComeInTheOrderInWhichTheyAreReady()
    {
        await using ServerFixture fixture = new();
        await fixture.Peer.RequestAsync(1, "Wait", RawPeer.Text("first"));
        await fixture.Peer.RequestAsync(3, "Wait", RawPeer.Text("second"));
        await fixture.Peer.RequestAsync(5, "Echo", RawPeer.Text("third"));
        await fixture.Peer.ExpectTextAsync(5, "third");
        fixture.Server.Answer("second", "2");
        await fixture.Peer.ExpectTextAsync(3, "2");
        fixture.Server.Answer("first", "1");
        await fixture.Peer.ExpectTextAsync(1, "1");
    }

    [Theory]
    [InlineData("no.such.Service", "Echo", "service no.such.Service")]
    [InlineData(TestServer.Service, "NoSuch", "method NoSuch")]
    public async Task WhatIsNotThereIsUnimplemented(string service, string method, string message)
    {
        await using ServerFixture fixture = new();
        Request request = new() { Service = service, Method = method };
        await fixture.Peer.WriteAsync(Frame.Encode(1, FrameType.Request, FrameFlags.None, request.ToByteArray()));
        await fixture.Peer.ExpectErrorAsync(1, RpcCode.Unimplemented, message);
    }

    [Fact]
    public async Task AnEnvelopeThatDoesNotDecodeIsInvalid()
    {
        await using ServerFixture fixture = new();
        await fixture.Peer.WriteAsync(Frame.Encode(1, FrameType.Request, FrameFlags.None, [0xff, 0xff, 0xff]));
        Response response = await fixture.Peer.AnswerAsync(1);
        Assert.Equal((int)RpcCode.InvalidArgument, response.Status.Code);
        Assert.StartsWith("unmarshal request error: ", response.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APayloadThatDoesNotDecodeIsAnInternalError()
    {
        await using ServerFixture fixture = new();
        Request request = new() { Service = TestServer.Service, Method = "Echo", Payload = ByteString.CopyFrom(0xff, 0xff) };
        await fixture.Peer.WriteAsync(Frame.Encode(1, FrameType.Request, FrameFlags.None, request.ToByteArray()));
        Response response = await fixture.Peer.AnswerAsync(1);
        Assert.Equal((int)RpcCode.Internal, response.Status.Code);
        Assert.StartsWith("ttrpc: error unmarshalling payload: ", response.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEvenStreamIdIsRefusedOnThatStream()
    {
        await using ServerFixture fixture = new();
        await fixture.Peer.RequestAsync(2, "Echo");
        await fixture.Peer.ExpectErrorAsync(2, RpcCode.InvalidArgument, "StreamID must be odd for client initiated streams");
        await fixture.Peer.RequestAsync(1, "Echo", RawPeer.Text("lives on"));
        await fixture.Peer.ExpectTextAsync(1, "lives on");
    }

    [Theory]
    [InlineData(5u)]
    [InlineData(3u)]
    public async Task AStreamIdThatDoesNotIncreaseIsRefused(uint streamId)
    {
        await using ServerFixture fixture = new();
        await fixture.Peer.RequestAsync(5, "Echo", RawPeer.Text("a"));
        await fixture.Peer.ExpectTextAsync(5, "a");
        await fixture.Peer.RequestAsync(streamId, "Echo");
        await fixture.Peer.ExpectErrorAsync(streamId, RpcCode.InvalidArgument, "StreamID cannot be re-used and must increment");
    }

    [Fact]
    public async Task DataForAStreamThatIsNotThereIsRefused()
    {
        await using ServerFixture fixture = new();
        await fixture.Peer.DataAsync(7, "late");
        await fixture.Peer.ExpectErrorAsync(7, RpcCode.InvalidArgument, "StreamID is no longer active");
    }

    [Fact]
    public async Task AFrameOfAnUnknownTypeIsIgnored()
    {
        await using ServerFixture fixture = new();
        await fixture.Peer.WriteAsync(Frame.Encode(1, (FrameType)9, FrameFlags.None, [1, 2, 3]));
        await fixture.Peer.WriteAsync(Frame.Encode(2, FrameType.Response, FrameFlags.None, [1, 2, 3]));
        await fixture.Peer.RequestAsync(1, "Echo", RawPeer.Text("a"));
        await fixture.Peer.ExpectTextAsync(1, "a");
    }

    [Theory]
    [InlineData((int)FrameType.Request)]
    [InlineData((int)FrameType.Data)]
    public async Task AFrameThatIsTooLongIsThrownAwayAndAnsweredOnItsStream(int type)
    {
        await using ServerFixture fixture = new();
        await fixture.Peer.WriteAsync(Frame.Encode(3, (FrameType)type, FrameFlags.None, new byte[Limit + 1]));
        await fixture.Peer.ExpectErrorAsync(
            3, RpcCode.ResourceExhausted, "message length 4194305 exceed maximum message size of 4194304");
        await fixture.Peer.RequestAsync(5, "Echo", RawPeer.Text("lives on"));
        await fixture.Peer.ExpectTextAsync(5, "lives on");
    }

    [Fact]
    public async Task AFrameOfTheGreatestLengthIsTaken()
    {
        await using ServerFixture fixture = new();
        Request request = RawPeer.Request("Echo");
        request.Payload = RawPeer.Text(new string('x', Limit - 100)).ToByteString();
        string filled = new('x', Limit - 100 + Limit - request.CalculateSize());
        await fixture.Peer.RequestAsync(1, "Echo", RawPeer.Text(filled));
        Response response = await fixture.Peer.AnswerAsync(1);
        Assert.Equal(filled, StringValue.Parser.ParseFrom(response.Payload).Value);
    }

    [Fact]
    public async Task AnAnswerThatIsTooLongIsReplacedByAnError()
    {
        await using ServerFixture fixture = new();
        await fixture.Peer.RequestAsync(1, "Big", new Int32Value { Value = Limit });
        await fixture.Peer.ExpectErrorAsync(
            1, RpcCode.ResourceExhausted, "message length 4194314 exceed maximum message size of 4194304");
    }

    [Fact]
    public async Task AnErrorTextThatIsTooLongIsReplaced()
    {
        await using ServerFixture fixture = new();
        fixture.Server.Failure = RpcException.NotFound(new string('x', Limit));
        await fixture.Peer.RequestAsync(1, "Fail");
        await fixture.Peer.ExpectErrorAsync(1, RpcCode.NotFound, "the text of the status is too long to be sent");
    }

    [Fact]
    public async Task MetadataIsHandedOnInLowerCaseAndRepeated()
    {
        await using ServerFixture fixture = new();
        Request request = RawPeer.Request("Echo");
        request.Metadata.Add(new KeyValue { Key = "Name", Value = "One" });
        request.Metadata.Add(new KeyValue { Key = "other", Value = "x" });
        request.Metadata.Add(new KeyValue { Key = "name", Value = "two" });
        await fixture.Peer.WriteAsync(Frame.Encode(1, FrameType.Request, FrameFlags.None, request.ToByteArray()));
        ServerCallContext context = await fixture.Server.StartedAsync();
        Assert.Equal([new("name", "One"), new("other", "x"), new("name", "two")], context.Metadata);
        Assert.Equal((TestServer.Service, "Echo", 1u, null), (context.Service, context.Method, context.StreamId, context.Deadline));
    }

    [Fact]
    public async Task TheCallAboveTheBoundIsRefusedAndOneThatEndsMakesRoom()
    {
        await using ServerFixture fixture = new(new TtrpcServerOptions { MaxOpenCalls = 2 });
        await fixture.Peer.RequestAsync(1, "Wait", RawPeer.Text("a"));
        await fixture.Peer.RequestAsync(3, "Wait", RawPeer.Text("b"));
        await fixture.Peer.RequestAsync(5, "Echo");
        await fixture.Peer.ExpectErrorAsync(5, RpcCode.ResourceExhausted, "too many open calls on this connection: the limit is 2");
        fixture.Server.Answer("a", "1");
        await fixture.Peer.ExpectTextAsync(1, "1");
        await fixture.Peer.RequestAsync(7, "Echo", RawPeer.Text("c"));
        await fixture.Peer.ExpectTextAsync(7, "c");
    }

    [Fact]
    public async Task APeerThatDoesNotReadIsNotHeardForEver()
    {
        await using ServerFixture fixture = new(capacity: 1000);
        byte[] request = Frame.Encode(1, FrameType.Request, FrameFlags.None, RawPeer.Request("NoSuch").ToByteArray());
        int answer = Envelope.Failure(1, RpcException.Unimplemented("method NoSuch"), Limit).Length;
        uint requests = (uint)(2 * FrameWriter.RoomLimit / answer);
        Task flood = Task.Run(async () =>
        {
            for (uint i = 0; i < requests; i++)
            {
                new FrameHeader((uint)request.Length - 10, (2 * i) + 1, FrameType.Request, FrameFlags.None).Write(request);
                await fixture.Peer.Stream.WriteAsync(request);
            }
        });
        await Waiting.UntilAsync(() => fixture.Connection.QueuedLength >= FrameWriter.RoomLimit);
        for (uint i = 0; i < requests; i++)
        {
            Assert.True(fixture.Connection.QueuedLength <= FrameWriter.RoomLimit + answer);
            await fixture.Peer.ExpectErrorAsync((2 * i) + 1, RpcCode.Unimplemented, "method NoSuch");
        }
        await flood.WithTimeout();
    }
}
