using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ShimStack.Api.Events;
using ShimStack.Ttrpc;

namespace ShimStack.ShimDriver.Daemons;

/// <summary>The daemon's ttrpc socket: takes Forward calls while it is open. Closing it is what shims see of a daemon that dies.</summary>
internal sealed class EventEndpoint : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<NetworkStream> _connections = [];
    private readonly Lock _lock = new();
    private readonly TtrpcServer _server;
    private readonly string _path;
    private readonly Task _accepting;

    internal EventEndpoint(string path, EventRecorder recorder, ILogger? logger = null)
    {
        _path = path;
        _server = new TtrpcServer(new TtrpcServerOptions(), logger ?? NullLogger.Instance);
        _server.AddMethod(EventServices.Ttrpc, EventServices.Forward, ForwardRequest.Parser, (request, _) =>
        {
            recorder.Record(request.Envelope);
            return ValueTask.FromResult(new Empty());
        });
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(128);
        _accepting = AcceptAllAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        File.Delete(_path);
        await _accepting;
        lock (_lock)
        {
            _connections.ForEach(connection => connection.Dispose());
            _connections.Clear();
        }
    }

    private async Task AcceptAllAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptAsync();
                var stream = new NetworkStream(socket, ownsSocket: true);
                lock (_lock)
                {
                    _connections.Add(stream);
                }

                _server.Accept(stream);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener was closed: the endpoint is going away.
        }
    }
}
