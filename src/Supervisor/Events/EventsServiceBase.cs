using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Api.Events;

namespace ShimStack.Supervisor.Events;

/// <summary>
/// How gRPC finds the methods of the service. It stands in the place of the class that protoc makes, because the stream of events carries
/// their bytes as they are on record: encoded once, however many subscribe.
/// </summary>
internal abstract class EventsServiceBase
{
    private static readonly Marshaller<StoredEvent> EventBytes = new(
        Write, (DeserializationContext _) => throw new NotSupportedException("events are only sent"));

    private static readonly Method<PublishRequest, Empty> PublishMethod = new(
        MethodType.Unary, EventServices.Grpc, nameof(Publish), GrpcMessages.Of(PublishRequest.Parser), GrpcMessages.Of(Empty.Parser));

    private static readonly Method<Api.Daemon.ForwardRequest, Empty> ForwardMethod = new(
        MethodType.Unary, EventServices.Grpc, nameof(Forward),
        GrpcMessages.Of(Api.Daemon.ForwardRequest.Parser), GrpcMessages.Of(Empty.Parser));

    private static readonly Method<SubscribeRequest, StoredEvent> SubscribeMethod = new(
        MethodType.ServerStreaming, EventServices.Grpc, nameof(Subscribe), GrpcMessages.Of(SubscribeRequest.Parser), EventBytes);

    /// <summary>What the class of protoc has under this name.</summary>
    public static ServerServiceDefinition BindService(EventsServiceBase service) => ServerServiceDefinition.CreateBuilder()
        .AddMethod(PublishMethod, service.Publish)
        .AddMethod(ForwardMethod, service.Forward)
        .AddMethod(SubscribeMethod, service.Subscribe)
        .Build();

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
