using Google.Protobuf;
using Grpc.Core;

namespace ShimStack.Supervisor.Hosting;

/// <summary>Messages to and from the buffers of gRPC.</summary>
internal static class GrpcMessages
{
    public static Marshaller<T> Of<T>(MessageParser<T> parser)
        where T : class, IMessage<T> => Marshallers.Create(Write, context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));

    private static void Write<T>(T message, SerializationContext context)
        where T : class, IMessage<T>
    {
        context.SetPayloadLength(message.CalculateSize());
        message.WriteTo(context.GetBufferWriter());
        context.Complete();
    }
}
