using Microsoft.Extensions.Logging;
using ShimStack.Native;
using ShimStack.Native.Polling;
using ShimStack.Native.Processes;
using ShimStack.Native.Sockets;
using ShimStack.Shim.Loop;
using ShimStack.Shim.State;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Serving;

/// <summary>
/// Takes connections on the shim's socket. A peer must have our own user and group: whoever may speak here is root over the
/// containers. See unix(7), SO_PEERCRED.
/// </summary>
internal sealed class ConnectionListener : IReadiness
{
    // Nothing tells that there are descriptors or memory again.
    private static readonly TimeSpan PauseWhenShort = TimeSpan.FromMilliseconds(200);

    /// <summary>Connections at the same time; a daemon holds one for each container of a pod.</summary>
    public const int MaxConnections = 1024;

    private readonly EventLoop _loop;
    private readonly FileDescriptor _socket;
    private readonly TtrpcServer _server;
    private readonly ILogger _logger;
    private readonly ulong _tag;
    private readonly Dictionary<TtrpcServerConnection, LoopStream> _connections = [];
    private bool _isTaking;
    private ITimer? _again;
    private bool _isHeld;

    /// <summary>Listens from now on; takes over <paramref name="socket"/>.</summary>
    public ConnectionListener(EventLoop loop, FileDescriptor socket, TtrpcServer server, ILogger logger)
    {
        _loop = loop;
        _socket = socket;
        _server = server;
        _logger = logger;
        _tag = loop.Register(socket, EpollEvents.EPOLLIN, this);
    }

    /// <summary>A peer that may speak here has connected: a daemon does so when it finds its shims again.</summary>
    public event Action? Connected;

    /// <summary>How many peers are connected.</summary>
    public int Count => _connections.Count + (_isTaking ? 1 : 0);

    /// <summary>The calls of all connections that are not answered yet.</summary>
    public IEnumerable<OpenCall> OpenCalls
    {
        get
        {
            foreach (TtrpcServerConnection connection in _connections.Keys)
            {
                foreach (OpenCall call in connection.OpenCalls)
                {
                    yield return call;
                }
            }
        }
    }

    /// <summary>How many calls are being served, those that nobody waits for any more included.</summary>
    public int Running
    {
        get
        {
            int running = 0;
            foreach (TtrpcServerConnection connection in _connections.Keys)
            {
                running += connection.Running;
            }

            return running;
        }
    }

    public void OnReady(EpollEvents events) => AcceptAll();

    /// <summary>Takes neither connections nor requests until <see cref="GoOn"/>; calls that are open are answered.</summary>
    public void Hold()
    {
        _isHeld = true;
        foreach (LoopStream stream in _connections.Values)
        {
            stream.Hold();
        }
    }

    /// <summary>Goes on with what has come meanwhile.</summary>
    public void GoOn()
    {
        _isHeld = false;
        foreach (LoopStream stream in _connections.Values)
        {
            stream.GoOn();
        }

        AcceptAll();
    }

    private void AcceptAll()
    {
        try
        {
            while (!_isHeld && UnixSocket.TryAccept(_socket, out FileDescriptor? connection))
            {
                Take(connection);
            }

            EndRetries();
        }
        catch (SyscallException e)
        {
            // Out of descriptors or memory: who waits must not wait for the next who comes.
            if (_again is null)
            {
                _logger.ConnectionDelayed(e.Message);
                _again = _loop.Timers.CreateTimer(static self => ((ConnectionListener)self!).AcceptAll(), this, PauseWhenShort, PauseWhenShort);
            }
        }
    }

    private void EndRetries()
    {
        _again?.Dispose();
        _again = null;
    }

    private void Take(FileDescriptor connection)
    {
        if (Refusal(connection) is string reason)
        {
            _logger.ConnectionRefused(reason);
            connection.Dispose();
            return;
        }

        LoopStream stream = new(_loop, connection);
        _isTaking = true; // a request that is there already is answered inside the next call
        Keep(_server.Accept(stream), stream);
        _isTaking = false;
        Connected?.Invoke();
    }

    /// <summary>Takes no more connections, and waits until what has been answered is with its callers.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        _loop.Forget(_socket, _tag);
        EndRetries();
        _socket.Dispose();
        foreach (TtrpcServerConnection connection in new List<TtrpcServerConnection>(_connections.Keys))
        {
            await connection.FlushAsync(cancellation);
        }
    }

    /// <summary>Leaves the socket on which it listens.</summary>
    public void PutDownSocket(ShimRecord record, Inheritance left) => record.Listener = left.Leave(_socket);

    /// <summary>Leaves all sockets, and tells what is needed to go on with them.</summary>
    public void PutDown(ShimRecord record, Inheritance left)
    {
        left.Stops(() => _loop.Forget(_socket, _tag));
        record.Listener = left.Leave(_socket);
        foreach ((TtrpcServerConnection connection, LoopStream stream) in _connections)
        {
            if (!stream.IsClosed)
            {
                record.Connections.Add(ConnectionRecords.From(connection.Describe(), left.Leave(stream.Socket)));
                left.Stops(() =>
                {
                    stream.LeaveLoop();
                    connection.Abort();
                });
            }
        }
    }

    /// <summary>Goes on with connections that were put down; each open call is asked again.</summary>
    public void PickUp(IEnumerable<ConnectionRecord> records)
    {
        foreach (ConnectionRecord record in records)
        {
            LoopStream stream = new(_loop, FileDescriptor.Take((int)record.Socket));
            Keep(_server.Resume(stream, ConnectionRecords.ToState(record)), stream);
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

    private void Keep(TtrpcServerConnection connection, LoopStream stream)
    {
        _connections.Add(connection, stream);
        _ = ForgetAtEndAsync(connection);
    }

    private async Task ForgetAtEndAsync(TtrpcServerConnection connection)
    {
        await connection.Completion;
        _connections.Remove(connection);
    }
}
