using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using ShimStack.Api.Daemon;
using ShimStack.Api.Events;
using ShimStack.Wire;

namespace ShimStack.Bench.Phases;

/// <summary>A subscriber that counts, on a connection of its own. It does not decode: what is measured is the daemon.</summary>
internal sealed class EventSink : IDisposable
{
    private static readonly Method<SubscribeRequest, object> Subscribe = new(
        MethodType.ServerStreaming,
        EventServices.Grpc,
        nameof(Subscribe),
        Marshallers.Create(request => request.ToByteArray(), SubscribeRequest.Parser.ParseFrom),
        new Marshaller<object>((object _, SerializationContext _) => throw new NotSupportedException("events only come"), _ => Subscribe!));

    private readonly GrpcChannel _channel;
    private readonly AsyncServerStreamingCall<object> _call;
    private long _received;

    internal EventSink(string socket)
    {
        _channel = DaemonChannel.Open(socket);
        SubscribeRequest request = new() { Filters = { $"namespace=={ContainerLives.Namespace}" } };
        _call = _channel.CreateCallInvoker().AsyncServerStreamingCall(Subscribe, null, default, request);
        Reading = ReadAsync();
    }

    internal long Received => Volatile.Read(ref _received);

    /// <summary>Fails if the daemon ends the stream.</summary>
    internal Task Reading { get; }

    public void Dispose()
    {
        _call.Dispose();
        _channel.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(CancellationToken.None))
            {
                Interlocked.Increment(ref _received);
            }
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled)
        {
            // Disposed of.
        }
    }
}
