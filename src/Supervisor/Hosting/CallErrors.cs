using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ShimStack.Supervisor.Hosting;

/// <summary>The edge: what a call throws becomes its status. What a shim answered goes on as it is; what nobody foresaw is logged.</summary>
internal sealed class CallErrors(ILogger logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw StatusOf(e, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw StatusOf(e, context);
        }
    }

    private RpcException StatusOf(Exception e, ServerCallContext call)
    {
        if (CallStatus.Of(e, call) is Status status)
        {
            return new RpcException(status);
        }

        logger.CallFailed(call.Method, e);
        return new RpcException(new Status(StatusCode.Internal, e.Message));
    }
}
