using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Ttrpc.Wire;

namespace ShimStack.Ttrpc.Tests;

/// <summary>The other side of a connection, frame by frame, with nothing done for it.</summary>
internal sealed class RawPeer(Stream stream)
{
    private readonly FrameReader _reader = new(stream, TtrpcServerOptions.DefaultMaxMessageLength);

    public Stream Stream => stream;

    public Task WriteAsync(byte[] bytes) => stream.WriteAsync(bytes).WithTimeout();

    public Task RequestAsync(uint streamId, string method, IMessage? payload = null, FrameFlags flags = FrameFlags.None) =>
        WriteAsync(Frame.Encode(streamId, FrameType.Request, flags, Request(method, payload).ToByteArray()));

    public Task DataAsync(uint streamId, string text, FrameFlags flags = FrameFlags.None) =>
        WriteAsync(Frame.Encode(streamId, FrameType.Data, flags, Text(text).ToByteArray()));

    public Task DataEndAsync(uint streamId) => WriteAsync(Envelope.DataEnd(streamId));

    /// <summary>The next frame, with a payload that stays.</summary>
    public async Task<Frame> ReadAsync()
    {
        Assert.True(await _reader.ReadAsync(CancellationToken.None).WithTimeout(), "the connection was closed");
        Frame frame = _reader.Frame with { Payload = _reader.Frame.Payload.ToArray() };
        _reader.Consume();
        return frame;
    }

    /// <summary>Whether the other side has closed the connection without sending more.</summary>
    public async Task<bool> IsAtEndAsync() => !await _reader.ReadAsync(CancellationToken.None).WithTimeout();

    /// <summary>The next frame, which must be an answer on this stream, with its status.</summary>
    public async Task<Response> AnswerAsync(uint streamId)
    {
        Frame frame = await ReadAsync();
        Assert.Equal((streamId, FrameType.Response, FrameFlags.None), (frame.Header.StreamId, frame.Header.Type, frame.Header.Flags));
        return Response.Parser.ParseFrom(frame.Payload.Span);
    }

    /// <summary>The next frame must be this error on this stream.</summary>
    public async Task ExpectErrorAsync(uint streamId, RpcCode code, string message)
    {
        Response response = await AnswerAsync(streamId);
        Assert.Equal((code, message), ((RpcCode)(response.Status?.Code ?? 0), response.Status?.Message));
        Assert.True(response.Payload.IsEmpty);
    }

    /// <summary>The next frame must be this text, answered well, on this stream.</summary>
    public async Task ExpectTextAsync(uint streamId, string text)
    {
        Response response = await AnswerAsync(streamId);
        Assert.Null(response.Status);
        Assert.Equal(text, StringValue.Parser.ParseFrom(response.Payload).Value);
    }

    public static Request Request(string method, IMessage? payload = null) =>
        new() { Service = TestServer.Service, Method = method, Payload = (payload ?? Text("")).ToByteString() };

    public static StringValue Text(string text) => new() { Value = text };
}
