namespace ShimStack.Supervisor.Recovery;

internal static partial class RecoveryLog
{
    [LoggerMessage("found {Namespace}/{Id}: shim {Answer}, so {Step}")]
    public static partial void Recovered(this ILogger logger, LogLevel level, string @namespace, string id, ShimAnswer answer, RecoveryStep step);

    [LoggerMessage(LogLevel.Error, "{Namespace}/{Id} could not be recovered; it is tried again")]
    public static partial void RecoveryFailed(this ILogger logger, string @namespace, string id, Exception reason);

    [LoggerMessage(LogLevel.Warning, "the shim of {Namespace}/{Id} died before it answered: {Reason}")]
    public static partial void ShimDied(this ILogger logger, string @namespace, string id, string reason);

    [LoggerMessage(LogLevel.Warning, "the shim of {Namespace}/{Id} does not tell the state of its task: {Reason}")]
    public static partial void StateRefused(this ILogger logger, string @namespace, string id, string reason);

    [LoggerMessage(LogLevel.Warning, "no shim at {Address}: {Reason}")]
    public static partial void NoShim(this ILogger logger, string address, string reason);

    [LoggerMessage(LogLevel.Warning, "the bundle {Path} has neither a shim on record nor a container: it is removed")]
    public static partial void Nobodys(this ILogger logger, string path);

    [LoggerMessage(LogLevel.Error, "the bundle {Path} cannot be understood, and stays as it is")]
    public static partial void BundleUnclear(this ILogger logger, string path, Exception reason);

    [LoggerMessage(LogLevel.Information, "{Count} tasks were found, the fate of each is known after {Milliseconds} ms")]
    public static partial void AllRecovered(this ILogger logger, int count, long milliseconds);
}
