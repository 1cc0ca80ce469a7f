using System.Net.Sockets;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Events;
using ShimStack.Api.Types;
using ShimStack.Ttrpc;

namespace ShimStack.Bench.Phases;

/// <summary>Forwards events over one connection, as a shim does: the lives of containers, one after the other.</summary>
internal sealed class EventSource : IAsyncDisposable
{
    private const string Namespace = "bench";
    private const uint FirstPid = 1000;

    private static int _lastContainer;

    private readonly TtrpcClient _client;
    private string _container = "";
    private uint _pid = FirstPid;
    private int _step;

    private EventSource(TtrpcClient client) => _client = client;

    /// <summary>Connects, once there is somebody.</summary>
    internal static async Task<EventSource> ConnectAsync(string socket, CancellationToken cancellation)
    {
        while (true)
        {
            Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
                return new EventSource(new TtrpcClient(new NetworkStream(connection, ownsSocket: true), new TtrpcClientOptions()));
            }
            catch (SocketException)
            {
                connection.Dispose();
                await Task.Delay(TimeSpan.FromMilliseconds(5), cancellation);
            }
        }
    }

    /// <summary>Sends the next event; returns when it is acknowledged.</summary>
    internal Task ForwardAsync(CancellationToken cancellation) => SendAsync(Next(), cancellation);

    /// <summary>Sends one that no daemon takes: the same way to and fro, without what a daemon does with an event.</summary>
    internal async Task ForwardInVainAsync(CancellationToken cancellation)
    {
        try
        {
            await SendAsync(new Envelope { Namespace = Namespace }, cancellation);
        }
        catch (RpcException e) when (e.Code == RpcCode.InvalidArgument)
        {
            return;
        }

        throw new InvalidOperationException("an event without topic was taken");
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private Task SendAsync(Envelope envelope, CancellationToken cancellation) => _client.CallAsync(
        EventServices.Ttrpc, EventServices.Forward, new ForwardRequest { Envelope = envelope }, Empty.Parser, default, cancellation);

    private Envelope Next()
    {
        Timestamp now = Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow);
        switch (_step++ % 4)
        {
            case 0:
                _container = $"container-{Interlocked.Increment(ref _lastContainer)}";
                _pid++;
                return Of(now, Topics.TaskCreate, TypeUrls.TaskCreate, new TaskCreate { ContainerId = _container, Pid = _pid, Bundle = $"/run/bundles/{_container}" });
            case 1:
                return Of(now, Topics.TaskStart, TypeUrls.TaskStart, new TaskStart { ContainerId = _container, Pid = _pid });
            case 2:
                return Of(now, Topics.TaskExit, TypeUrls.TaskExit, new TaskExit { ContainerId = _container, Id = _container, Pid = _pid, ExitedAt = now });
            default:
                return Of(now, Topics.TaskDelete, TypeUrls.TaskDelete, new TaskDelete { ContainerId = _container, Pid = _pid, ExitedAt = now });
        }
    }

    private static Envelope Of(Timestamp now, string topic, string typeUrl, IMessage message) => new()
    {
        Timestamp = now,
        Namespace = Namespace,
        Topic = topic,
        Event = new Any { TypeUrl = typeUrl, Value = message.ToByteString() },
    };
}
