using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.Api.Daemon;

namespace ShimStack.Supervisor.Events;

/// <summary>
/// The methods of the service. It stands in the place of the class that protoc makes, because the stream of events carries their
/// bytes as they are on record: encoded once, however many subscribe.
/// </summary>
internal abstract class EventsServiceBase
{
    /// <summary>An event as it is on record.</summary>
    public static readonly Marshaller<StoredEvent> EventBytes = new(
        Write, (DeserializationContext _) => throw new NotSupportedException("events are only sent"));

    public abstract Task<Empty> Publish(PublishRequest request, ServerCallContext context);

    public abstract Task<Empty> Forward(Api.Daemon.ForwardRequest request, ServerCallContext context);

    public abstract Task Subscribe(SubscribeRequest request, IServerStreamWriter<StoredEvent> responseStream, ServerCallContext context);

    private static void Write(StoredEvent stored, SerializationContext context)
    {
        context.SetPayloadLength(stored.Bytes.Length);
        System.Buffers.BuffersExtensions.Write(context.GetBufferWriter(), stored.Bytes);
        context.Complete();
    }
}
