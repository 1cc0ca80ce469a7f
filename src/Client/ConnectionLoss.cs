using Grpc.Core;

namespace ShimStack.Client;

/// <summary>Tells a daemon that is away from one that has answered with an error.</summary>
public static class ConnectionLoss
{
    /// <summary>It is away: a connection that breaks under a call comes as Unavailable, or as Internal with the reason inside.</summary>
    public static bool Is(RpcException e) => e.StatusCode == StatusCode.Unavailable || e.Status.DebugException is IOException or HttpRequestException;
}
