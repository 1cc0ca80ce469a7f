using Google.Protobuf;
using ShimStack.Ttrpc.Wire;

namespace ShimStack.Ttrpc;

/// <summary>Messages to frames and back: the only code that knows how a message lies in an envelope.</summary>
internal static class Envelope
{
    /// <summary>The frame of a request.</summary>
    public static byte[] Request(uint streamId, FrameFlags flags, ReadOnlySpan<byte> request) =>
        Frame.Encode(streamId, FrameType.Request, flags, request);

    /// <summary>The frame of a successful answer. An empty message makes an empty payload.</summary>
    /// <exception cref="RpcException">ResourceExhausted: the message is longer than the limit.</exception>
    public static byte[] Success(uint streamId, IMessage message, int limit)
    {
        Response response = new() { Payload = UnsafeByteOperations.UnsafeWrap(message.ToByteArray()) };
        return Encode(new FrameHeader(0, streamId, FrameType.Response, FrameFlags.None), response, limit);
    }

    /// <summary>The frame of a status that is not Ok.</summary>
    public static byte[] Failure(uint streamId, RpcException error, int limit)
    {
        FrameHeader header = new(0, streamId, FrameType.Response, FrameFlags.None);
        Response response = new() { Status = new Status { Code = (int)error.Code, Message = error.Message } };
        if (response.CalculateSize() > limit)
        {
            response.Status.Message = "the text of the status is too long to be sent";
        }
        return Encode(header, response, limit);
    }

    /// <summary>The frame of one message of a stream.</summary>
    /// <exception cref="RpcException">ResourceExhausted: the message is longer than the limit.</exception>
    public static byte[] Data(uint streamId, IMessage message, int limit) =>
        Encode(new FrameHeader(0, streamId, FrameType.Data, FrameFlags.None), message, limit);

    /// <summary>The frame that ends one direction of a stream.</summary>
    public static byte[] DataEnd(uint streamId) =>
        Frame.Encode(streamId, FrameType.Data, FrameFlags.RemoteClosed | FrameFlags.NoData, []);

    /// <summary>The message of a method out of its payload.</summary>
    /// <exception cref="RpcException">Internal: it does not decode.</exception>
    public static T Parse<T>(MessageParser<T> parser, ReadOnlySpan<byte> payload)
        where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(payload);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new RpcException(RpcCode.Internal, $"ttrpc: error unmarshalling payload: {e.Message}", e);
        }
    }

    private static byte[] Encode(FrameHeader header, IMessage message, int limit)
    {
        int length = message.CalculateSize();
        if (length > limit)
        {
            throw RpcException.TooLong(length, limit);
        }
        byte[] bytes = new byte[FrameHeader.Size + length];
        (header with { Length = (uint)length }).Write(bytes);
        message.WriteTo(bytes.AsSpan(FrameHeader.Size));
        return bytes;
    }
}
