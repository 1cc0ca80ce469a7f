using Grpc.Core;

namespace ShimStack.Supervisor.Hosting;

/// <summary>
/// The edge: what a call throws becomes its status. What a shim answered goes on as it is; what nobody foresaw is logged. No interceptors of gRPC, whose
/// virtual generic methods are made for each message at run time under NativeAOT.
/// </summary>
/// <param name="logger">Is told of faults that nobody foresaw.</param>
/// <param name="whole">Until it has ended, calls wait here, with their way from the client behind them; null for none that waits.</param>
internal sealed class CallEdge(ILogger logger, Task? whole = null)
{
    private ICallWatch[] _watches = [];

    /// <summary>Ends when calls are answered.</summary>
    public Task Whole { get; } = whole ?? Task.CompletedTask;

    /// <summary>Shows calls to somebody; before the first one.</summary>
    public void Add(ICallWatch watch) => _watches = [.. _watches, watch];

    /// <summary>A call with one answer.</summary>
    public async Task<TResponse> AnswerAsync<TRequest, TResponse>(
        UnaryServerMethod<TRequest, TResponse> handler, TRequest request, ServerCallContext call)
        where TRequest : class
        where TResponse : class
    {
        object?[] begun = [];
        try
        {
            await WholeAsync(call);
            begun = Begin(call, false);
            TResponse response = await handler(request, call);
            End(begun, call, null);
            return response;
        }
        catch (Exception e)
        {
            End(begun, call, e);
            throw Failure(e, call);
        }
    }

    /// <summary>A call with a stream of answers.</summary>
    public async Task AnswerAsync<TRequest, TResponse>(
        ServerStreamingServerMethod<TRequest, TResponse> handler, TRequest request, IServerStreamWriter<TResponse> answers, ServerCallContext call)
        where TRequest : class
        where TResponse : class
    {
        object?[] begun = [];
        try
        {
            await WholeAsync(call);
            begun = Begin(call, true);
            await handler(request, answers, call);
            End(begun, call, null);
        }
        catch (Exception e)
        {
            End(begun, call, e);
            throw Failure(e, call);
        }
    }

    // What a client has given up meanwhile is not begun.
    private Task WholeAsync(ServerCallContext call) => Whole.IsCompleted ? Whole : Whole.WaitAsync(call.CancellationToken);

    private object?[] Begin(ServerCallContext call, bool isStream) =>
        _watches.Length == 0 ? [] : Array.ConvertAll(_watches, watch => watch.Began(call, isStream));

    private void End(object?[] begun, ServerCallContext call, Exception? failure)
    {
        for (int i = 0; i < begun.Length; i++)
        {
            _watches[i].Ended(begun[i], call, failure);
        }
    }

    private RpcException Failure(Exception e, ServerCallContext call)
    {
        if (e is RpcException known)
        {
            return known;
        }

        if (CallStatus.Of(e, call) is Status status)
        {
            return new RpcException(status);
        }

        logger.CallFailed(call.Method, e);
        return new RpcException(new Status(StatusCode.Internal, e.Message));
    }
}
