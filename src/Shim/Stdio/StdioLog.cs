using Microsoft.Extensions.Logging;

namespace ShimStack.Shim.Stdio;

internal static partial class StdioLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "a stream of a container cannot be moved any more, its bytes are dropped")]
    public static partial void StreamFailed(this ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "output of {Process} was still held open {Seconds} s after its exit and is given up")]
    public static partial void DrainGaveUp(this ILogger logger, string process, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Bytes} bytes of output {What} have been dropped: {Reason}")]
    public static partial void OutputLost(this ILogger logger, long bytes, string what, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "log file {Path} grows on, it could not be rotated: {Reason}")]
    public static partial void RotationFailed(this ILogger logger, string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "logging binary {Pid} has ended with status {Status}, its container's output is dropped")]
    public static partial void LoggerDied(this ILogger logger, int pid, int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "logging binary {Pid} had not ended {Seconds} s after its pipes and is killed")]
    public static partial void LoggerKilled(this ILogger logger, int pid, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "nobody reads an output stream ({Reason}), it is kept on disk")]
    public static partial void SpoolBegun(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "an output stream is read again, {Bytes} bytes were kept on disk meanwhile")]
    public static partial void SpoolDrained(this ILogger logger, long bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "an output stream that nobody reads cannot be kept on disk, its container will block: {Reason}")]
    public static partial void SpoolUnavailable(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Bytes} bytes of output that nobody read are given up")]
    public static partial void OutputGivenUp(this ILogger logger, long bytes);
}
