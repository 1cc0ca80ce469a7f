using Microsoft.Extensions.Logging;

namespace ShimStack.Shim.Stdio;

internal static partial class StdioLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "a stream of a container cannot be moved any more, its bytes are dropped")]
    public static partial void StreamFailed(this ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "output of {Process} was still held open {Seconds} s after its exit and is given up")]
    public static partial void DrainGaveUp(this ILogger logger, string process, double seconds);
}
