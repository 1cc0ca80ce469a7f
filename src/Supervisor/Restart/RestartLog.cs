namespace ShimStack.Supervisor.Restart;

internal static partial class RestartLog
{
    [LoggerMessage(LogLevel.Information, "{Namespace}/{Id} ended with {Status}: {Policy}, so restart {Count} is in {Milliseconds} ms")]
    public static partial void WillRestart(this ILogger logger, string @namespace, string id, uint status, RestartPolicy policy, long milliseconds, int count);

    [LoggerMessage(LogLevel.Information, "{Namespace}/{Id} ended with {Status}: {Policy}, so it stays ended after {Count} restarts")]
    public static partial void WillRest(this ILogger logger, string @namespace, string id, uint status, RestartPolicy policy, int count);

    [LoggerMessage(LogLevel.Information, "{Namespace}/{Id}: restart {Count}: {Outcome}")]
    public static partial void Tried(this ILogger logger, string @namespace, string id, int count, RestartOutcome outcome);

    [LoggerMessage(LogLevel.Warning, "{Namespace}/{Id}: restart {Count} failed: {Reason}")]
    public static partial void TryFailed(this ILogger logger, string @namespace, string id, int count, string reason);

    [LoggerMessage(LogLevel.Error, "what its policy asks for {Namespace}/{Id} could not be done; it is tried again")]
    public static partial void PolicyFailed(this ILogger logger, string @namespace, string id, Exception reason);

    [LoggerMessage(LogLevel.Warning, "{Namespace}/{Id} has a policy, and was made by a daemon that did not note how: a client must start it anew first")]
    public static partial void RequestUnknown(this ILogger logger, string @namespace, string id);

    [LoggerMessage(LogLevel.Information, "the machine has booted: {Count} containers are started by their policies")]
    public static partial void Booted(this ILogger logger, int count);

    [LoggerMessage(LogLevel.Error, "what policies ask for after a boot could not be found out; the next start tries again")]
    public static partial void BootFailed(this ILogger logger, Exception reason);
}
