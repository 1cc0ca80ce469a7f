using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace ShimStack.Ttrpc;

/// <summary>
/// Listens on a unix socket and serves who may connect: the socket has mode 0600, and the peer must have the uid and the gid of this
/// process. Linux only. For programs with System.Net.Sockets; nothing else here depends on it.
/// </summary>
[SupportedOSPlatform("linux")]
[SuppressMessage("Design", "CA1001", Justification = "DisposeAsync closes the socket; the rest holds nothing.")]
public sealed class TtrpcListener : IAsyncDisposable
{
    private const int SOL_SOCKET = 1;
    private const int SO_PEERCRED = 17;
    private const int UcredSize = 12;

    private readonly Socket _socket;
    private readonly TtrpcServer _server;
    private readonly TtrpcListenerOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _places;
    private readonly Lock _gate = new();
    private readonly HashSet<TtrpcServerConnection> _connections = [];
    private readonly (uint Uid, uint Gid) _expected;

    private TtrpcListener(Socket socket, TtrpcServer server, TtrpcListenerOptions options)
    {
        _socket = socket;
        _server = server;
        _options = options;
        _places = new SemaphoreSlim(options.MaxConnections);
        _expected = options.Peer ?? CredentialsOf(socket); // listen(2) gives a unix socket the credentials of its process
        Completion = AcceptAsync();
    }

    /// <summary>Ends when nobody is accepted any more; with an exception if accept(2) failed.</summary>
    public Task Completion { get; }

    /// <summary>Binds the socket and starts to accept.</summary>
    /// <param name="path">Where; it must not exist.</param>
    /// <param name="server">Serves the connections.</param>
    /// <param name="options">Limits and logger.</param>
    /// <exception cref="SocketException">AddressAlreadyInUse: there is a file at the path.</exception>
    public static TtrpcListener Listen(string path, TtrpcServer server, TtrpcListenerOptions? options = null)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite); // before listen: until then nobody can connect
            socket.Listen();
            return Serve(socket, server, options);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Starts to accept on a socket that listens already.</summary>
    /// <param name="socket">The socket, closed with the listener.</param>
    /// <param name="server">Serves the connections.</param>
    /// <param name="options">Limits and logger.</param>
    public static TtrpcListener Serve(Socket socket, TtrpcServer server, TtrpcListenerOptions? options = null) =>
        new(socket, server, options ?? new TtrpcListenerOptions());

    /// <summary>Stops to accept, removes the socket that <see cref="Listen"/> has made and closes each connection; ends when their handlers have returned.</summary>
    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        _socket.Dispose();
        await Task.WhenAny(Completion); // its failure is told by Completion
        TtrpcServerConnection[] connections;
        lock (_gate)
        {
            connections = [.. _connections];
        }
        foreach (TtrpcServerConnection connection in connections)
        {
            connection.Abort();
            await connection.Completion;
        }
    }

    /// <summary>Who is at the other end; of a listening socket, who listens. See unix(7), SO_PEERCRED.</summary>
    public static (uint Uid, uint Gid) CredentialsOf(Socket socket)
    {
        Span<byte> ucred = stackalloc byte[UcredSize]; // pid, uid, gid. See unix(7).
        socket.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, ucred);
        return (Native(ucred[4..]), Native(ucred[8..]));
    }

    private static uint Native(ReadOnlySpan<byte> bytes) => BitConverter.IsLittleEndian
        ? BinaryPrimitives.ReadUInt32LittleEndian(bytes)
        : BinaryPrimitives.ReadUInt32BigEndian(bytes);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await _places.WaitAsync(_stop.Token);
                Serve(await _socket.AcceptAsync(_stop.Token));
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private void Serve(Socket peer)
    {
        (uint Uid, uint Gid) credentials = CredentialsOf(peer);
        if (credentials != _expected)
        {
            _options.Logger.PeerRefused(credentials.Uid, credentials.Gid);
            peer.Dispose();
            _places.Release();
            return;
        }
        TtrpcServerConnection connection = _server.Accept(new NetworkStream(peer, ownsSocket: true));
        lock (_gate)
        {
            _connections.Add(connection);
        }
        _ = ForgetAsync(connection); // Completion never fails
    }

    private async Task ForgetAsync(TtrpcServerConnection connection)
    {
        await connection.Completion;
        lock (_gate)
        {
            _connections.Remove(connection);
        }
        _places.Release();
    }
}
