using System.Net.Sockets;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using ShimStack.Api.Daemon;

namespace ShimStack.Drill.Targets;

/// <summary>containerd's gRPC API over its socket, in the drill's namespace. It connects anew by itself when the daemon has gone.</summary>
internal sealed class DaemonApi : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly CallInvoker _calls;

    public DaemonApi(TargetPlaces places)
    {
        _channel = GrpcChannel
            .ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = Handler(places.Socket), DisposeHttpClient = true });
        _calls = _channel.Intercept(metadata =>
        {
            metadata.Add("containerd-namespace", places.Name);
            return metadata;
        });
    }

    public Tasks.TasksClient Tasks => new(_calls);

    public Containers.ContainersClient Containers => new(_calls);

    public Events.EventsClient Events => new(_calls);

    public Api.Daemon.Version.VersionClient Version => new(_calls);

    /// <summary>shimstackd alone has it.</summary>
    public Api.Upgrades.Upgrades.UpgradesClient Upgrades => new(_calls);

    /// <summary>The daemon went away, or was not there: not an answer.</summary>
    public static bool IsLoss(RpcException e) =>
        e.StatusCode == StatusCode.Unavailable || e.Status.DebugException is IOException or HttpRequestException;

    public static Any Pack(string typeUrl, System.Text.Json.Nodes.JsonObject document) =>
        new() { TypeUrl = typeUrl, Value = ByteString.CopyFromUtf8(document.ToJsonString()) };

    public void Dispose() => _channel.Dispose();

    private static SocketsHttpHandler Handler(string socket) => new()
    {
        ConnectCallback = async (_, cancellation) =>
        {
            Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
                return new NetworkStream(connection, ownsSocket: true);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        },
        UseProxy = false,
        // Twenty open Waits and more: a server may allow fewer calls on one connection.
        EnableMultipleHttp2Connections = true,
    };
}
