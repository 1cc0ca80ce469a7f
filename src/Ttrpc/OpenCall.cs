using Google.Protobuf;

namespace ShimStack.Ttrpc;

/// <summary>A call that has not been answered, as a plain record that can be put down and picked up by another build.</summary>
/// <param name="StreamId">The stream on its connection.</param>
/// <param name="Service">Full name of the service.</param>
/// <param name="Method">Bare name of the method.</param>
/// <param name="Request">The raw request as it came: the encoded envelope, metadata and payload included.</param>
/// <param name="Deadline">When the caller gives up; null for never.</param>
/// <param name="Began">When this process began to serve it.</param>
public sealed record OpenCall(
    uint StreamId, string Service, string Method, ReadOnlyMemory<byte> Request, DateTimeOffset? Deadline, DateTimeOffset Began = default)
{
    /// <summary>The message of the method, decoded from the request.</summary>
    /// <exception cref="InvalidProtocolBufferException">It does not decode.</exception>
    public T Message<T>(MessageParser<T> parser)
        where T : IMessage<T> => parser.ParseFrom(Wire.Request.Parser.ParseFrom(Request.Span).Payload);
}
