using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace ShimStack.Supervisor.Tests.Hosting;

/// <summary>Calls of a daemon's API by name: without stubs, so that also services can be called that are not there.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly CallInvoker _invoker;

    public ApiClient(string socket)
    {
        SocketsHttpHandler handler = new()
        {
            ConnectCallback = async (_, cancellation) =>
            {
                Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
                return new NetworkStream(connection, ownsSocket: true);
            },
        };
        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        _invoker = _channel.CreateCallInvoker();
    }

    /// <summary>A call that must succeed.</summary>
    public async Task<TResponse> CallAsync<TResponse>(string path, IMessage request, string? nameSpace = null)
        where TResponse : class, IMessage<TResponse>, new()
    {
        string[] parts = path.Split('/');
        Marshaller<TResponse> response = Marshallers.Create(m => m.ToByteArray(), bytes => new MessageParser<TResponse>(() => new TResponse()).ParseFrom(bytes));
        Marshaller<IMessage> requests = Marshallers.Create<IMessage>(m => m.ToByteArray(), _ => throw new NotSupportedException());
        Method<IMessage, TResponse> method = new(MethodType.Unary, parts[0], parts[1], requests, response);
        Metadata headers = [];
        if (nameSpace is not null)
        {
            headers.Add("containerd-namespace", nameSpace);
        }

        CallOptions options = new(headers, DateTime.UtcNow.AddSeconds(30));
        return await _invoker.AsyncUnaryCall(method, null, options, request);
    }

    /// <summary>The status of a call that must fail.</summary>
    public async Task<Status> FailAsync<TResponse>(string path, IMessage request, string? nameSpace = null)
        where TResponse : class, IMessage<TResponse>, new() =>
        (await Assert.ThrowsAsync<RpcException>(() => CallAsync<TResponse>(path, request, nameSpace))).Status;

    /// <summary>What came of a call, as a text.</summary>
    public async Task<string> OutcomeAsync<TResponse>(string path, IMessage request, string? nameSpace)
        where TResponse : class, IMessage<TResponse>, new()
    {
        try
        {
            return (await CallAsync<TResponse>(path, request, nameSpace)).ToString() ?? "";
        }
        catch (RpcException e)
        {
            return $"{e.StatusCode}: {e.Status.Detail}";
        }
    }

    public void Dispose() => _channel.Dispose();
}
