using Microsoft.Extensions.Logging;
using ShimStack.Native;
using ShimStack.Native.Polling;
using ShimStack.Native.Processes;
using ShimStack.Native.Sockets;
using ShimStack.Shim.Loop;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Serving;

/// <summary>
/// Takes connections on the shim's socket. A peer must have our own user and group: whoever may speak here is root over the
/// containers. See unix(7), SO_PEERCRED.
/// </summary>
internal sealed class ConnectionListener : IReadiness
{
    /// <summary>Connections at the same time; a daemon holds one for each container of a pod.</summary>
    public const int MaxConnections = 1024;

    private readonly EventLoop _loop;
    private readonly FileDescriptor _socket;
    private readonly TtrpcServer _server;
    private readonly ILogger _logger;
    private readonly ulong _tag;
    private readonly HashSet<TtrpcServerConnection> _connections = [];

    /// <summary>Listens from now on; takes over <paramref name="socket"/>.</summary>
    public ConnectionListener(EventLoop loop, FileDescriptor socket, TtrpcServer server, ILogger logger)
    {
        _loop = loop;
        _socket = socket;
        _server = server;
        _logger = logger;
        _tag = loop.Register(socket, EpollEvents.EPOLLIN, this);
    }

    public IReadOnlyCollection<TtrpcServerConnection> Connections => _connections;

    public void OnReady(EpollEvents events)
    {
        while (UnixSocket.TryAccept(_socket, out FileDescriptor? connection))
        {
            if (Refusal(connection) is string reason)
            {
                _logger.ConnectionRefused(reason);
                connection.Dispose();
            }
            else
            {
                Serve(_server.Accept(new LoopStream(_loop, connection)));
            }
        }
    }

    /// <summary>Takes no more connections, and waits until what has been answered is with its callers.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        _loop.Forget(_socket, _tag);
        _socket.Dispose();
        foreach (TtrpcServerConnection connection in _connections.ToArray())
        {
            await connection.FlushAsync(cancellation);
        }
    }

    private string? Refusal(FileDescriptor connection)
    {
        PeerCredentials peer = PeerCredentials.Of(connection);
        if (peer.Uid != CurrentProcess.EffectiveUserId || peer.Gid != CurrentProcess.EffectiveGroupId)
        {
            return $"peer {peer.Pid} has uid {peer.Uid} and gid {peer.Gid}";
        }

        return _connections.Count >= MaxConnections ? $"{MaxConnections} connections are open" : null;
    }

    private void Serve(TtrpcServerConnection connection)
    {
        _connections.Add(connection);
        _ = ForgetAtEndAsync(connection);
    }

    private async Task ForgetAtEndAsync(TtrpcServerConnection connection)
    {
        await connection.Completion;
        _connections.Remove(connection);
    }
}
