using Grpc.Core;
using Grpc.Core.Interceptors;
using ShimStack.Supervisor.Hosting;

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
            Count(context, CallStatus.Of(e, context)?.StatusCode ?? StatusCode.Internal);
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
            Count(context, CallStatus.Of(e, context)?.StatusCode ?? StatusCode.Internal);
            throw;
        }
    }

    private void Count(ServerCallContext context, StatusCode code) => meter.Calls.Add(
        1, new KeyValuePair<string, object?>("method", context.Method), new KeyValuePair<string, object?>("code", code.ToString()));
}
