using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;
using ShimStack.Ttrpc.Wire;

namespace ShimStack.Ttrpc.Tests;

/// <summary>Against the bytes of the Go implementation; see Fixtures/README.md.</summary>
public sealed class RecordedTests
{
    private const string TaskService = "containerd.task.v2.Task";

    [Theory]
    [InlineData("task-session.txt", 9)]
    [InlineData("events-session.txt", 4)]
    public async Task WhatGoSendsIsReadAndWrittenAgainByteForByte(string file, int calls)
    {
        List<Frame> requests = await ReadAsync(Bytes(file, '>'));
        List<Frame> answers = await ReadAsync(Bytes(file, '<'));
        Assert.Equal(calls, requests.Count);
        Assert.Equal(Enumerable.Range(0, calls).Select(i => (uint)((2 * i) + 1)), requests.Select(frame => frame.Header.StreamId));
        Assert.Equal(requests.Select(frame => frame.Header.StreamId), answers.Select(frame => frame.Header.StreamId).Order());
        Assert.Equal(Bytes(file, '>'), requests.SelectMany(frame =>
            Frame.Encode(frame.Header.StreamId, frame.Header.Type, frame.Header.Flags, Request.Parser.ParseFrom(frame.Payload.Span).ToByteArray())));
        Assert.All(answers, frame => Assert.Null(Response.Parser.ParseFrom(frame.Payload.Span).Status));
    }

    [Fact]
    public async Task OurServerAnswersADaemonsSessionAsTheGoShimDid()
    {
        Dictionary<uint, ByteString> answers = (await ReadAsync(Bytes("task-session.txt", '<')))
            .ToDictionary(frame => frame.Header.StreamId, frame => Response.Parser.ParseFrom(frame.Payload.Span).Payload);
        TtrpcServer server = new(new TtrpcServerOptions(), NullLogger.Instance);
        foreach (string method in (string[])["Create", "Connect", "Start", "Wait", "State", "Delete", "Shutdown"])
        {
            server.AddMethod<Empty, Empty>(TaskService, method, Empty.Parser, (_, context) =>
                ValueTask.FromResult(Empty.Parser.ParseFrom(answers[context.StreamId]))); // unknown fields are kept
        }
        (MemoryStreamEnd client, MemoryStreamEnd serverEnd) = MemoryStreamEnd.Pair();
        TtrpcServerConnection connection = server.Accept(serverEnd);
        RawPeer peer = new(client);
        await peer.WriteAsync(Bytes("task-session.txt", '>'));
        for (int i = 0; i < answers.Count; i++)
        {
            Frame frame = await peer.ReadAsync();
            Assert.Equal(answers[frame.Header.StreamId], Response.Parser.ParseFrom(frame.Payload.Span).Payload);
        }
        connection.Abort();
    }

    [Fact]
    public async Task OurClientSendsWhatTheGoClientSendsAndTakesItsAnswers()
    {
        List<Frame> requests = await ReadAsync(Bytes("events-session.txt", '>'));
        (MemoryStreamEnd clientEnd, MemoryStreamEnd server) = MemoryStreamEnd.Pair();
        await using TtrpcClient client = new(clientEnd, new TtrpcClientOptions());
        RawPeer peer = new(server);
        List<Task<Empty>> calls = [];
        foreach (Frame recorded in requests)
        {
            Request request = Request.Parser.ParseFrom(recorded.Payload.Span);
            Empty message = Empty.Parser.ParseFrom(request.Payload);
            calls.Add(client.CallAsync(request.Service, request.Method, message, Empty.Parser, new TtrpcCallOptions
            {
                Timeout = request.TimeoutNano == 0 ? null : TimeSpan.FromTicks(request.TimeoutNano / 100),
                Metadata = [.. request.Metadata.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))],
            }));
            Frame sent = await peer.ReadAsync();
            Request ours = Request.Parser.ParseFrom(sent.Payload.Span);
            ours.TimeoutNano = request.TimeoutNano; // finer than our clock's ticks
            Assert.Equal(recorded.Header with { Length = 0 }, sent.Header with { Length = 0 });
            Assert.Equal(recorded.Payload.ToArray(), ours.ToByteArray());
        }
        await peer.WriteAsync(Bytes("events-session.txt", '<'));
        await Task.WhenAll(calls).WithTimeout();
    }

    [Theory]
    [InlineData("unknown-service")]
    [InlineData("unknown-method")]
    [InlineData("status-of-handler")]
    [InlineData("garbage-envelope")]
    [InlineData("garbage-payload")]
    [InlineData("even-stream-id")]
    [InlineData("oversized")]
    [InlineData("unknown-type")]
    public async Task OurServerRefusesAsGoDoes(string name)
    {
        (byte[] sent, byte[] answered) = Exchange(name);
        TtrpcServer server = new(new TtrpcServerOptions(), NullLogger.Instance);
        server.AddMethod<StringValue, Empty>(TaskService, "State", StringValue.Parser, (_, _) => throw RpcException.NotFound("container not created: not found"));
        server.AddMethod<StringValue, Empty>(TaskService, "Connect", StringValue.Parser, (_, _) => ValueTask.FromResult(new Empty()));
        (MemoryStreamEnd client, MemoryStreamEnd serverEnd) = MemoryStreamEnd.Pair();
        TtrpcServerConnection connection = server.Accept(serverEnd);
        RawPeer peer = new(client);
        await peer.WriteAsync(sent);
        foreach (Frame expected in await ReadAsync(answered))
        {
            Frame frame = await peer.ReadAsync();
            Status ours = Response.Parser.ParseFrom(frame.Payload.Span).Status;
            Status theirs = Response.Parser.ParseFrom(expected.Payload.Span).Status;
            Assert.Equal(expected.Header with { Length = 0 }, frame.Header with { Length = 0 });
            // What a decoder says about garbage is its own; all else is theirs to the letter.
            int common = theirs.Message.IndexOf("error", StringComparison.Ordinal) is int at and >= 0 && name.StartsWith("garbage", StringComparison.Ordinal)
                ? at
                : theirs.Message.Length;
            Assert.Equal((theirs.Code, theirs.Message[..common]), (ours.Code, ours.Message[..common]));
        }
        await peer.WriteAsync(Exchange("after-unknown-type").Sent);
        Assert.Equal(19u, (await peer.ReadAsync()).Header.StreamId);
        connection.Abort();
    }

    [Fact]
    public async Task OurServerReadsGosMetadataAndTimeout()
    {
        TestServer unused = new();
        ServerCallContext? seen = null;
        DateTimeOffset before = TimeProvider.System.GetUtcNow();
        unused.Server.AddMethod<StringValue, Empty>(TaskService, "Connect", StringValue.Parser, (_, context) =>
        {
            seen = context;
            return ValueTask.FromResult(new Empty());
        });
        await using ServerFixture fixture = new(server: unused);
        await fixture.Peer.WriteAsync(Exchange("metadata-and-timeout").Sent);
        await fixture.Peer.AnswerAsync(11);
        Assert.Equal([new("containerd-namespace-ttrpc", "rec"), new("k", "1"), new("k", "2")], seen!.Metadata);
        Assert.InRange(seen.Deadline!.Value, before.AddSeconds(5), before.AddSeconds(25));
    }

    private static byte[] Bytes(string file, char direction) =>
        [.. Lines(file).Where(line => line[0] == direction).SelectMany(line => Convert.FromHexString(line[2..]))];

    private static (byte[] Sent, byte[] Answered) Exchange(string name)
    {
        string[] parts = Lines("errors.txt").Single(line => line.StartsWith(name + " ", StringComparison.Ordinal)).Split(' ');
        string[] oversized = parts[1].Split(':');
        byte[] sent = oversized.Length == 1
            ? Convert.FromHexString(parts[1])
            : Frame.Encode(uint.Parse(oversized[1]), FrameType.Request, FrameFlags.None, new byte[int.Parse(oversized[2])]);
        return (sent, Convert.FromHexString(parts[2]));
    }

    private static string[] Lines(string file) => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Fixtures", file));

    private static async Task<List<Frame>> ReadAsync(byte[] bytes)
    {
        FrameReader reader = new(new ChunkStream(bytes), TtrpcServerOptions.DefaultMaxMessageLength);
        List<Frame> frames = [];
        while (await reader.ReadAsync(CancellationToken.None).WithTimeout())
        {
            frames.Add(reader.Frame with { Payload = reader.Frame.Payload.ToArray() });
            reader.Consume();
        }
        Assert.Empty(reader.PutDown());
        return frames;
    }
}
