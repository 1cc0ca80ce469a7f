namespace ShimStack.Supervisor.Shims;

internal static partial class ShimsLog
{
    [LoggerMessage(LogLevel.Warning, "the cleanup after the shim of {Namespace}/{Id} says: {Text}")]
    public static partial void CleanupWarned(this ILogger logger, string @namespace, string id, string text);

    [LoggerMessage(LogLevel.Error, "the cleanup after the shim of {Namespace}/{Id} by {Binary} has failed: {Reason}")]
    public static partial void CleanupFailed(this ILogger logger, string @namespace, string id, string binary, string reason);

    [LoggerMessage(LogLevel.Warning, "the shim of {Namespace}/{Id} is gone; its container is cleaned up")]
    public static partial void ShimLost(this ILogger logger, string @namespace, string id);

    [LoggerMessage(LogLevel.Error, "the bundle {Path} cannot be removed: {Reason}")]
    public static partial void BundleStays(this ILogger logger, string path, string reason);

    [LoggerMessage(LogLevel.Debug, "{Call} of {Namespace}/{Id} has failed: {Reason}")]
    public static partial void LastCallFailed(this ILogger logger, string call, string @namespace, string id, string reason);

    [LoggerMessage(LogLevel.Warning, "the log of a shim cannot be read at {Path}: {Reason}")]
    public static partial void LogNotRead(this ILogger logger, string path, string reason);
}
