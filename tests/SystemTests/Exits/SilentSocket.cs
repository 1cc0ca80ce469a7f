using System.Net.Sockets;

namespace ShimStack.SystemTests.Exits;

/// <summary>Something in the daemon's place that accepts connections, reads what comes, and never answers.</summary>
internal sealed class SilentSocket : IDisposable
{
    private readonly string _path;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<Socket> _connections = [];
    private long _received;

    public SilentSocket(string path)
    {
        _path = path;
        File.Delete(path);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _ = AcceptAsync();
    }

    /// <summary>How many bytes have come.</summary>
    public long Received => Interlocked.Read(ref _received);

    public void Dispose()
    {
        _listener.Dispose();
        lock (_connections)
        {
            _connections.ForEach(static connection => connection.Dispose());
        }

        File.Delete(_path);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket connection = await _listener.AcceptAsync();
                lock (_connections)
                {
                    _connections.Add(connection);
                }

                _ = ReadAsync(connection);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed: the test goes on to a real daemon.
        }
    }

    private async Task ReadAsync(Socket connection)
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (await connection.ReceiveAsync(buffer) is int count and > 0)
            {
                Interlocked.Add(ref _received, count);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed by us.
        }
    }
}
