using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Api.Types;
using ShimStack.Supervisor.Filters;
using ShimStack.Supervisor.Hosting;
using RpcException = ShimStack.Ttrpc.RpcException;

namespace ShimStack.Supervisor.Events;

/// <summary>containerd.services.events.v1.Events: for clients, and for programs that tell what happened.</summary>
internal sealed class EventsService(EventJournal journal, DaemonEnd daemon) : EventsServiceBase
{
    public override async Task<Empty> Publish(PublishRequest request, ServerCallContext context)
    {
        await journal.PublishAsync(RequestNamespace.Of(context), request.Topic, request.Event);
        return new Empty();
    }

    public override async Task<Empty> Forward(ForwardRequest request, ServerCallContext context)
    {
        await journal.PublishAsync(request.Envelope ?? new Envelope());
        return new Empty();
    }

    public override async Task Subscribe(SubscribeRequest request, IServerStreamWriter<StoredEvent> responseStream, ServerCallContext context)
    {
        EventSubscriber subscriber = await journal.SubscribeAsync(Filter.Parse(request.Filters));
        try
        {
            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(
                context.CancellationToken, daemon.Begun);
            await context.WriteResponseHeadersAsync([]); // from here on nothing is missed
            await subscriber.WriteAsync(responseStream, journal.See, end.Token);
        }
        catch (OperationCanceledException) when (daemon.Begun.IsCancellationRequested)
        {
            throw RpcException.Unavailable("shimstackd ends: subscribe again when it is back");
        }
        finally
        {
            journal.Unsubscribe(subscriber);
        }
    }
}
