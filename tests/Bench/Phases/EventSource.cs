using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Events;
using ShimStack.Api.Types;
using ShimStack.Ttrpc;

namespace ShimStack.Bench.Phases;

/// <summary>Forwards events over one connection, as a shim does.</summary>
internal sealed class EventSource : IAsyncDisposable
{
    private readonly TtrpcClient _client;

    private EventSource(TtrpcClient client) => _client = client;

    /// <summary>Connects, once there is somebody.</summary>
    internal static async Task<EventSource> ConnectAsync(string socket, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new EventSource(await TtrpcConnector.ConnectAsync(socket, cancellation: cancellation));
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), cancellation);
            }
        }
    }

    /// <summary>Sends an event; returns when it is acknowledged.</summary>
    internal Task ForwardAsync(Envelope envelope, CancellationToken cancellation) => _client.CallAsync(
        EventServices.Ttrpc, EventServices.Forward, new ForwardRequest { Envelope = envelope }, Empty.Parser, default, cancellation);

    /// <summary>Sends one that no daemon takes: the same way to and fro, without what a daemon does with an event.</summary>
    internal async Task ForwardInVainAsync(CancellationToken cancellation)
    {
        try
        {
            await ForwardAsync(new Envelope { Namespace = ContainerLives.Namespace }, cancellation);
        }
        catch (RpcException e) when (e.Code == RpcCode.InvalidArgument)
        {
            return;
        }

        throw new InvalidOperationException("an event without topic was taken");
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();
}
