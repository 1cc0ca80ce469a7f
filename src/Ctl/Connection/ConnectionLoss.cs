using Grpc.Core;

namespace ShimStack.Ctl.Connection;

/// <summary>Tells a daemon that is away from one that has answered with an error.</summary>
internal static class ConnectionLoss
{
    // A connection that breaks under a call comes as Unavailable, or as Internal with the reason inside.
    public static bool Is(RpcException e) => e.StatusCode == StatusCode.Unavailable || e.Status.DebugException is IOException or HttpRequestException;
}
