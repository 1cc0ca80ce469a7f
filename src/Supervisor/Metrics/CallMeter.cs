using Grpc.Core;
using Grpc.Core.Interceptors;
using TtrpcException = ShimStack.Ttrpc.RpcException;

namespace ShimStack.Supervisor.Metrics;

/// <summary>Counts calls by method and code. It is there only if somebody wants metrics.</summary>
internal sealed class CallMeter(DaemonMeter meter) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            TResponse response = await continuation(request, context);
            Count(context, StatusCode.OK);
            return response;
        }
        catch (Exception e)
        {
            Count(context, CodeOf(e, context));
            throw;
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
            Count(context, StatusCode.OK);
        }
        catch (Exception e)
        {
            Count(context, CodeOf(e, context));
            throw;
        }
    }

    private void Count(ServerCallContext context, StatusCode code) => meter.Calls.Add(
        1, new KeyValuePair<string, object?>("method", context.Method), new KeyValuePair<string, object?>("code", code.ToString()));

    private static StatusCode CodeOf(Exception e, ServerCallContext context) => e switch
    {
        RpcException answer => answer.StatusCode,
        TtrpcException answer => (StatusCode)(int)answer.Code,
        OperationCanceledException when context.CancellationToken.IsCancellationRequested => StatusCode.Cancelled,
        _ => StatusCode.Internal,
    };
}
