using Microsoft.Extensions.Logging;

namespace ShimStack.Shim.Exits;

internal static partial class ExitsLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "the exit of process {Process} of task {Task} could not be put on disk: {Reason}")]
    public static partial void ExitNotRecorded(this ILogger logger, string task, string process, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "the daemon's events socket is away; exits will be announced again when it is back")]
    public static partial void DaemonLost(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "the daemon is back after {Seconds:0.0} s")]
    public static partial void DaemonBack(this ILogger logger, double seconds);

    [LoggerMessage(Level = LogLevel.Debug, Message = "the exit of process {Process} of task {Task} is announced again, nobody has deleted it")]
    public static partial void ExitRepeated(this ILogger logger, string task, string process);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "process {Process} of task {Task} is deleted before the daemon took the event of its exit, which is dropped: it could meet a newer run")]
    public static partial void ExitWithdrawn(this ILogger logger, string task, string process);
}
