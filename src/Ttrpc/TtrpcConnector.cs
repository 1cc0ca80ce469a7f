using System.Net.Sockets;

namespace ShimStack.Ttrpc;

/// <summary>Connects to a server that listens on a unix socket. Like <see cref="TtrpcListener"/> for programs with System.Net.Sockets.</summary>
public static class TtrpcConnector
{
    /// <param name="path">Of the socket.</param>
    /// <param name="options">The limits; null for those by default.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<TtrpcClient> ConnectAsync(string path, TtrpcClientOptions? options = null, CancellationToken cancellation = default)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new TtrpcClient(new NetworkStream(socket, ownsSocket: true), options ?? new TtrpcClientOptions());
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
