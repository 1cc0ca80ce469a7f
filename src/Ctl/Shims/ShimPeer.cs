using System.Net.Sockets;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Control;
using ShimStack.Api.Task;
using ShimStack.Ttrpc;

namespace ShimStack.Ctl.Shims;

/// <summary>An operator's connection to a shim, past its daemon. See docs/control.md.</summary>
internal sealed class ShimPeer : IAsyncDisposable
{
    private static readonly TtrpcCallOptions Patience = new() { Timeout = TimeSpan.FromSeconds(2) };

    private readonly TtrpcClient _client;

    private ShimPeer(TtrpcClient client) => _client = client;

    /// <exception cref="SocketException">Nobody listens, or not to us.</exception>
    public static async Task<ShimPeer> ConnectAsync(string socket, CancellationToken cancellation) =>
        new(await TtrpcConnector.ConnectAsync(socket, cancellation: cancellation));

    /// <summary>How the shim is; null if it is of another make, which has no such service.</summary>
    /// <exception cref="RpcException">It does not answer.</exception>
    public async Task<StatusResponse?> TryStatusAsync(CancellationToken cancellation)
    {
        try
        {
            return await _client.CallAsync(ControlServices.V1, ControlServices.Status, new Empty(), StatusResponse.Parser, Patience, cancellation);
        }
        catch (RpcException e) when (e.Code == RpcCode.Unimplemented)
        {
            return null;
        }
    }

    /// <summary>What every shim says of a container; null if it has none of that name.</summary>
    public async Task<StateResponse?> TryStateAsync(string id, CancellationToken cancellation)
    {
        try
        {
            return await CallAsync(TaskServices.State, new StateRequest { Id = id }, StateResponse.Parser, cancellation);
        }
        catch (RpcException e) when (e.Code == RpcCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Has another build take its place; the answer is that build's.</summary>
    /// <param name="path">The build; empty for the one that is installed.</param>
    /// <param name="limit">How long the shim waits for what it is doing.</param>
    /// <param name="cancellation">Calls the upgrade off, if it is not too late.</param>
    /// <exception cref="RpcException">It goes on as it was, and why; Unimplemented: it cannot be upgraded.</exception>
    public Task<UpgradeResponse> UpgradeAsync(string path, TimeSpan limit, CancellationToken cancellation) => _client.CallAsync(
        ControlServices.V1,
        ControlServices.Upgrade,
        new UpgradeRequest { Path = path, LimitMs = (long)limit.TotalMilliseconds },
        UpgradeResponse.Parser,
        new TtrpcCallOptions { Timeout = limit + limit + Patience.Timeout },
        cancellation);

    /// <summary>Who it is.</summary>
    public Task<ConnectResponse> WhoAsync(string id, CancellationToken cancellation) =>
        CallAsync(TaskServices.Connect, new ConnectRequest { Id = id }, ConnectResponse.Parser, cancellation);

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    // The newer name first; a shim serves one of them at least.
    private async Task<TResponse> CallAsync<TRequest, TResponse>(
        string method, TRequest request, MessageParser<TResponse> parser, CancellationToken cancellation)
        where TRequest : IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        try
        {
            return await _client.CallAsync(TaskServices.V3, method, request, parser, Patience, cancellation);
        }
        catch (RpcException e) when (e.Code == RpcCode.Unimplemented)
        {
            return await _client.CallAsync(TaskServices.V2, method, request, parser, Patience, cancellation);
        }
    }
}
