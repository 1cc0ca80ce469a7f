using System.Net.Sockets;
using Grpc.Core;
using ShimStack.Client;

namespace ShimStack.Ctl.Connection;

/// <summary>What a failed call means to the user, in one sentence.</summary>
internal static class CallErrors
{
    /// <param name="e">The failure.</param>
    /// <param name="address">Of the daemon.</param>
    /// <param name="about">The container that it is about, which the daemon need not name; null for none.</param>
    public static string Sentence(RpcException e, string address, string? about = null)
    {
        if (!ConnectionLoss.Is(e))
        {
            return e.StatusCode == StatusCode.Unimplemented
                ? $"the daemon at {address} does not know this call ({e.Status.Detail}): is it shimstackd?"
                : about is null || e.Status.Detail.Contains(about, StringComparison.Ordinal) ? e.Status.Detail
                : $"{about}: {e.Status.Detail}";
        }

        for (Exception? cause = e.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException socket)
            {
                return $"cannot reach the daemon at {address}: {Reason(socket)}";
            }
        }

        return $"the daemon at {address} went away during the call ({e.Status.Detail}): look whether it is done with shimctl ps";
    }

    private static string Reason(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "nobody listens; start shimstackd, or name another socket with --address",
        SocketError.AccessDenied => "access denied; become root, or a member of the group that shimstackd is configured with",
        // What .NET makes of ENOENT.
        SocketError.AddressNotAvailable => "there is no such socket; start shimstackd, or name another one with --address",
        _ => e.Message,
    };
}
