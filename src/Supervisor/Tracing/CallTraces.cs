using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ShimStack.Supervisor.Tracing;

/// <summary>Makes each call that ends by itself a part of its client's trace; streams have no end worth a picture.</summary>
internal sealed class CallTraces : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        using Activity? activity = TaskTrace.Call(context.Method, context.RequestHeaders.GetValue(TaskTrace.ParentHeader));
        try
        {
            return await continuation(request, context);
        }
        catch (Exception e)
        {
            activity.Failed(e);
            throw;
        }
    }
}
