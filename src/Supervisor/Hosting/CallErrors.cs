using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Data.Sqlite;
using ShimStack.Native;
using ShimStack.Supervisor.Data;
using TtrpcException = ShimStack.Ttrpc.RpcException;

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
        switch (e)
        {
            case TtrpcException answer:
                return new RpcException(new Status((StatusCode)(int)answer.Code, answer.Message));
            case OperationCanceledException when call.CancellationToken.IsCancellationRequested:
                return new RpcException(new Status(StatusCode.Cancelled, "the caller has gone"));
            case SqliteException failed when DatabaseFaults.InCall(failed) is TtrpcException answer:
                return StatusOf(answer, call);
            case SyscallException { Errno: Errno.ENOSPC or Errno.EDQUOT } or IOException { HResult: (int)Errno.ENOSPC or (int)Errno.EDQUOT }:
                return new RpcException(new Status(StatusCode.ResourceExhausted, $"the disk is full: {e.Message}"));
            case SyscallException failed:
                return new RpcException(new Status(StatusCode.Unknown, failed.Message));
            default:
                logger.CallFailed(call.Method, e);
                return new RpcException(new Status(StatusCode.Internal, e.Message));
        }
    }
}
