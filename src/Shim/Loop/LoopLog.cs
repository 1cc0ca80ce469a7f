using Microsoft.Extensions.Logging;

namespace ShimStack.Shim.Loop;

internal static partial class LoopLog
{
    [LoggerMessage(Level = LogLevel.Critical, Message = "background work {Name} failed, the shim ends")]
    public static partial void BackgroundFailed(this ILogger logger, string name, Exception exception);
}
