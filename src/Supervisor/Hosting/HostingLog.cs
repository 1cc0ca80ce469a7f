namespace ShimStack.Supervisor.Hosting;

internal static partial class HostingLog
{
    [LoggerMessage(LogLevel.Information, "shimstackd serves on {Address}, pid {Pid}")]
    public static partial void Serves(this ILogger logger, string address, int pid);

    [LoggerMessage(LogLevel.Information, "shimstackd ends: {Reason}")]
    public static partial void Ends(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "a peer with uid {Uid} and gid {Gid} was refused")]
    public static partial void PeerRefused(this ILogger logger, uint uid, uint gid);

    [LoggerMessage(LogLevel.Error, "{Method} has failed")]
    public static partial void CallFailed(this ILogger logger, string method, Exception reason);

    [LoggerMessage(LogLevel.Error, "no sign of life for the service manager: {Reason}")]
    public static partial void DoesNotServe(this ILogger logger, string reason);
}
