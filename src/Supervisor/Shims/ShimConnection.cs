using System.Diagnostics;
using System.Net.Sockets;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Task;
using ShimStack.Supervisor.Tracing;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Shims;

/// <summary>A connection to the shim of one task, with the calls of the Task service.</summary>
internal sealed class ShimConnection : IAsyncDisposable
{
    private readonly TtrpcClient _client;
    private readonly string _nameSpace;
    private readonly string _id;
    private string _service;

    private ShimConnection(TtrpcClient client, ShimAddress address, Bundle bundle)
    {
        (_client, _nameSpace, _id) = (client, bundle.Namespace, bundle.Id);
        _service = address.Version >= 3 ? TaskServices.V3 : TaskServices.V2;
        Closed = EndAsync();
    }

    /// <summary>Ends when the connection is gone, whoever closed it, and on the pool: see <see cref="Hosting.SocketThreads"/>.</summary>
    public Task Closed { get; }

    /// <summary>Whether it is gone; true before the first call fails for that.</summary>
    public bool IsClosed => _client.IsClosed;

    /// <summary>Connects; whether the shim answers is another matter.</summary>
    /// <exception cref="SocketException">Nobody listens.</exception>
    /// <exception cref="RpcException">Unimplemented: its address is of a kind that is not known here.</exception>
    public static async Task<ShimConnection> OpenAsync(ShimAddress address, Bundle bundle, ILogger logger, CancellationToken cancellation)
    {
        TtrpcClient client = await TtrpcConnector.ConnectAsync(address.SocketPath, new TtrpcClientOptions { Logger = logger }, cancellation);
        return new ShimConnection(client, address, bundle);
    }

    /// <summary>Calls a method of the Task service.</summary>
    /// <param name="method">Its bare name, see <see cref="TaskServices"/>.</param>
    /// <param name="request">The request.</param>
    /// <param name="parser">Of the answer.</param>
    /// <param name="cancellation">Gives up waiting; the shim goes on.</param>
    /// <exception cref="RpcException">The shim's answer; Unavailable when it is gone.</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        string method, TRequest request, MessageParser<TResponse> parser, CancellationToken cancellation)
        where TRequest : IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        using Activity? activity = TaskTrace.Shim(method, _nameSpace, _id);
        TtrpcCallOptions options = activity?.Id is string parent ? new() { Metadata = [new(TaskTrace.ParentHeader, parent)] } : default;
        try
        {
            return await _client.CallAsync(_service, method, request, parser, options, cancellation);
        }
        catch (RpcException e) when (e.Code == RpcCode.Unimplemented && _service == TaskServices.V3)
        {
            _service = TaskServices.V2; // once, as containerd does: a shim may say 3 and serve 2
            return await _client.CallAsync(_service, method, request, parser, options, cancellation);
        }
        catch (RpcException e)
        {
            activity.Failed(e);
            throw;
        }
    }

    /// <summary>The same for methods that answer nothing.</summary>
    public Task CallAsync<TRequest>(string method, TRequest request, CancellationToken cancellation)
        where TRequest : IMessage<TRequest> => CallAsync(method, request, Empty.Parser, cancellation);

    public async ValueTask DisposeAsync()
    {
        ValueTask closing = _client.DisposeAsync();
        await Closed;
        await closing;
    }

    private async Task EndAsync()
    {
        await _client.Completion;
        await Task.Yield();
    }
}
