using Microsoft.Extensions.Logging;

namespace ShimStack.Shim.Serving;

internal static partial class ServingLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "the shim serves as pid {Pid}")]
    public static partial void ShimServes(this ILogger logger, int pid);

    [LoggerMessage(Level = LogLevel.Information, Message = "the shim ends: {Reason}")]
    public static partial void ShimEnds(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "a connection was refused: {Reason}")]
    public static partial void ConnectionRefused(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "a connection waits until the shim can take it: {Reason}")]
    public static partial void ConnectionDelayed(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "not everything could be delivered before the end: {Reason}")]
    public static partial void EndWasCut(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Line}")]
    public static partial void StateDumped(this ILogger logger, string line);
}
