using System.Net.Sockets;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace ShimStack.Wire;

/// <summary>How containerd's gRPC API is reached: over its unix socket, with its namespace in each call. The measurements use it, too.</summary>
internal static class DaemonChannel
{
    public static GrpcChannel Open(string socket)
    {
        SocketsHttpHandler handler = new()
        {
            ConnectCallback = async (_, cancellation) =>
            {
                Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
                return new NetworkStream(connection, ownsSocket: true);
            },
            EnableMultipleHttp2Connections = true,
        };
        return GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
    }

    /// <summary>Calls through <paramref name="channel"/> in one of containerd's namespaces.</summary>
    public static CallInvoker InNamespace(GrpcChannel channel, string nameSpace) => channel.Intercept(metadata =>
    {
        metadata.Add("containerd-namespace", nameSpace);
        return metadata;
    });
}
