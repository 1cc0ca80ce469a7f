using Grpc.Core;
using Microsoft.Data.Sqlite;
using ShimStack.Native;
using ShimStack.Supervisor.Data;
using TtrpcException = ShimStack.Ttrpc.RpcException;

namespace ShimStack.Supervisor.Hosting;

/// <summary>What a failure means to the caller.</summary>
internal static class CallStatus
{
    /// <summary>The status of a failure that is foreseen; null for a fault of ours.</summary>
    /// <param name="e">What the call threw.</param>
    /// <param name="call">The call.</param>
    public static Status? Of(Exception e, ServerCallContext call) => e switch
    {
        RpcException answer => answer.Status,
        TtrpcException answer => new Status((StatusCode)(int)answer.Code, answer.Message),
        OperationCanceledException when call.CancellationToken.IsCancellationRequested => new Status(StatusCode.Cancelled, "the caller has gone"),
        SqliteException failed when DatabaseFaults.InCall(failed) is TtrpcException answer => Of(answer, call),
        SyscallException { Errno: Errno.ENOSPC or Errno.EDQUOT } or IOException { HResult: (int)Errno.ENOSPC or (int)Errno.EDQUOT } =>
            new Status(StatusCode.ResourceExhausted, $"the disk is full: {e.Message}"),
        SyscallException failed => new Status(StatusCode.Unknown, failed.Message),
        _ => null,
    };
}
