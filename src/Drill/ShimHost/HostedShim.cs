using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Google.Protobuf;
using ShimStack.Api.Task;
using ShimStack.Ttrpc;

namespace ShimStack.Drill.ShimHost;

/// <summary>A shim that was started, and the connection to it while there is a daemon.</summary>
/// <param name="id">The container's.</param>
/// <param name="bundle">Its folder.</param>
[SuppressMessage("Design", "CA1001", Justification = "The connection ends with the daemon or with the shim, and is made again.")]
internal sealed class HostedShim(string id, string bundle)
{
    private TtrpcClient? _client;
    private string _service = TaskServices.V3;

    public string Id => id;

    public string Bundle => bundle;

    /// <summary>Where it listens; null before its start action has told.</summary>
    public ShimAddress? Address { get; set; }

    /// <summary>Its start action.</summary>
    public Task<byte[]> Start { get; set; } = Task.FromResult<byte[]>([]);

    /// <summary>Its container has been deleted: whatever becomes of the shim now is no news.</summary>
    public bool IsDeleted { get; set; }

    /// <summary>The connection; the task ends with it.</summary>
    /// <exception cref="SocketException">Nobody listens.</exception>
    public async Task<Task> ConnectAsync()
    {
        TtrpcClient client = await TtrpcConnector.ConnectAsync(Address!.Path);
        _service = Address.Version >= 3 ? TaskServices.V3 : TaskServices.V2;
        _client = client;
        return client.Completion;
    }

    public async Task DisconnectAsync()
    {
        if (Interlocked.Exchange(ref _client, null) is TtrpcClient client)
        {
            await client.DisposeAsync();
        }
    }

    /// <exception cref="RpcException">The shim's answer; Unavailable when it is gone.</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        string method, TRequest request, MessageParser<TResponse> parser, CancellationToken stop)
        where TRequest : IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        TtrpcClient client = _client ?? throw new RpcException(RpcCode.Unavailable, "there is no connection to the shim");
        try
        {
            return await client.CallAsync(_service, method, request, parser, cancellation: stop);
        }
        catch (RpcException e) when (e.Code == RpcCode.Unimplemented && _service == TaskServices.V3)
        {
            _service = TaskServices.V2; // a shim may say 3 and serve 2
            return await client.CallAsync(_service, method, request, parser, cancellation: stop);
        }
    }
}
