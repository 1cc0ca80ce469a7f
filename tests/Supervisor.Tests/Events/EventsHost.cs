using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging.Abstractions;
using ShimStack.Api.Events;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Data;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Hosting;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tests.Events;

/// <summary>The services of events on their two sockets, in this process, with clients.</summary>
internal sealed class EventsHost : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("shimstackd-").FullName;
    private readonly List<GrpcChannel> _channels = [];
    private readonly Database _database;
    private readonly DaemonEnd _end = new();
    private readonly EventsFeature _events;
    private readonly ApiCalls _calls;
    private readonly ApiServer _server;
    private EventsEndpoint? _endpoint;

    private EventsHost(int length, int queue)
    {
        Settings = new SupervisorSettings
        {
            Root = _directory,
            Address = Path.Join(_directory, "sock"),
            JournalLength = length,
            SubscriberQueue = queue,
        };
        _database = Database.Open(Settings.DatabasePath);
        ApiMethods methods = new(new CallEdge(NullLogger.Instance));
        _events = new EventsFeature(new DaemonSurroundings(Settings, _database, TimeProvider.System, NullLoggerFactory.Instance, methods, _end));
        _calls = new ApiCalls(methods, NullLoggerFactory.Instance);
        _server = new ApiServer(Task.FromResult(_calls), NullLoggerFactory.Instance, Settings, _end);
    }

    public SupervisorSettings Settings { get; }

    public EventJournal Journal => _events.Journal;

    public static async Task<EventsHost> StartAsync(int length = 100_000, int queue = 10_000)
    {
        EventsHost host = new(length, queue);
        host._endpoint = host._events.OpenEndpoint();
        await host._server.StartAsync();
        return host;
    }

    /// <summary>A client of the gRPC socket, on a connection of its own.</summary>
    public EventsClient NewClient()
    {
        GrpcChannel channel = EventsClient.Open(Settings.Address);
        _channels.Add(channel);
        return new EventsClient(channel);
    }

    public async Task<Socket> ConnectTtrpcAsync()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Settings.TtrpcAddress));
        return socket;
    }

    public async Task<TtrpcClient> NewShimAsync() =>
        new(new NetworkStream(await ConnectTtrpcAsync(), ownsSocket: true), new TtrpcClientOptions());

    public static Task ForwardAsync(TtrpcClient shim, ShimStack.Api.Types.Envelope envelope) =>
        shim.CallAsync(EventServices.Ttrpc, EventServices.Forward, new ForwardRequest { Envelope = envelope }, Empty.Parser)
            .WaitAsync(Limit.Time);

    public async ValueTask DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        await _endpoint!.DisposeAsync();
        await _server.StopAsync();
        await _server.DisposeAsync();
        await _calls.DisposeAsync();
        await _events.DisposeAsync();
        _end.Dispose();
        await _database.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
