using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ShimStack.Api.Events;
using ShimStack.Api.Types;
using ShimStack.Ttrpc;

namespace ShimStack.ShimDriver.Daemons;

/// <summary>The daemon's ttrpc socket: takes Forward calls while it is open. Closing it is what shims see of a daemon that dies.</summary>
internal sealed class EventEndpoint : IAsyncDisposable
{
    private static readonly TimeSpan Slowness = TimeSpan.FromMilliseconds(100);

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<NetworkStream> _connections = [];
    private readonly Lock _lock = new();
    private readonly TtrpcServer _server;
    private readonly Task _accepting;

    internal EventEndpoint(string path, EventRecorder recorder, Func<EventAnswer> answer, ILogger? logger = null)
    {
        _server = new TtrpcServer(new TtrpcServerOptions(), logger ?? NullLogger.Instance);
        _server.AddMethod(EventServices.Ttrpc, EventServices.Forward, ForwardRequest.Parser, (request, call) =>
            AnswerAsync(answer(), request.Envelope, recorder, call.Cancellation));

        // Under another name first: .NET removes the name that it has bound, and a daemon that is killed leaves its socket behind.
        string first = path + ".new";
        _listener.Bind(new UnixDomainSocketEndPoint(first));
        _listener.Listen(128);
        File.Move(first, path, overwrite: true);
        _accepting = AcceptAllAsync();
    }

    /// <summary>Ends the daemon's half of every connection: shims read the end, and can still write. See shutdown(2).</summary>
    internal void HalfClose()
    {
        lock (_lock)
        {
            _connections.ForEach(connection => connection.Socket.Shutdown(SocketShutdown.Send));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        lock (_lock)
        {
            _connections.ForEach(connection => connection.Dispose());
            _connections.Clear();
        }
    }

    private static async ValueTask<Empty> AnswerAsync(EventAnswer answer, Envelope envelope, EventRecorder recorder, CancellationToken cancellation)
    {
        switch (answer)
        {
            case EventAnswer.RefusedForNow:
                throw RpcException.Unavailable("the daemon is not ready");
            case EventAnswer.RefusedForGood:
                throw RpcException.InvalidArgument("the daemon does not want this event");
            case EventAnswer.TakenSlowly:
                await Task.Delay(Slowness, cancellation);
                break;
            case EventAnswer.None:
                await Task.Delay(Timeout.Infinite, cancellation);
                break;
        }

        recorder.Record(envelope);
        return new Empty();
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
