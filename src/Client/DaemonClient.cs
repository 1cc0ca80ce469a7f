using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using ShimStack.Api.Daemon;
using ShimStack.Api.Journal;
using ShimStack.Api.Restart;
using ShimStack.Api.Upgrades;
using ContainersClient = ShimStack.Api.Daemon.Containers.ContainersClient;

namespace ShimStack.Client;

/// <summary>
/// A daemon's services over its unix socket, in one namespace. Nothing is connected before the first call, and a daemon that has gone is connected to
/// anew by the next one.
/// </summary>
public sealed class DaemonClient : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly CallInvoker _calls;

    /// <param name="address">Path of its socket.</param>
    /// <param name="nameSpace">Whose containers and tasks are meant.</param>
    public DaemonClient(string address, string nameSpace)
    {
        Address = address;
        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = Handler(address), DisposeHttpClient = true });
        _calls = _channel.Intercept(metadata =>
        {
            metadata.Add("containerd-namespace", nameSpace);
            return metadata;
        });
    }

    /// <summary>Path of its socket.</summary>
    public string Address { get; }

    public Tasks.TasksClient Tasks => new(_calls);

    public ContainersClient Containers => new(_calls);

    public Restarts.RestartsClient Restarts => new(_calls);

    public Namespaces.NamespacesClient Namespaces => new(_calls);

    public Introspection.IntrospectionClient Introspection => new(_calls);

    public Events.EventsClient Events => new(_calls);

    public Journal.JournalClient Journal => new(_calls);

    public Upgrades.UpgradesClient Upgrades => new(_calls);

    public Api.Daemon.Version.VersionClient Version => new(_calls);

    /// <summary>Who the daemon is; null if it does not say.</summary>
    public async Task<ServerResponse?> TryServerAsync(CancellationToken cancellation)
    {
        try
        {
            return await Introspection.ServerAsync(new Empty(), cancellationToken: cancellation);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented)
        {
            return null;
        }
    }

    public void Dispose() => _channel.Dispose();

    private static SocketsHttpHandler Handler(string address) => new()
    {
        ConnectCallback = async (_, cancellation) =>
        {
            Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(address), cancellation);
                return new NetworkStream(connection, ownsSocket: true);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        },
        UseProxy = false,
        EnableMultipleHttp2Connections = true, // twenty open Waits and more: a server may allow fewer calls on one
    };
}
