namespace ShimStack.Supervisor.Parking;

internal static partial class ParkingLog
{
    [LoggerMessage(LogLevel.Warning, "the shim {Id} in {Namespace} (pid {Pid}) has died; its containers live on, and another process takes its place")]
    public static partial void ShimDied(this ILogger logger, string @namespace, string id, int pid);

    [LoggerMessage(LogLevel.Information, "the shim {Id} in {Namespace} is pid {Pid} from now on; what the dead one had read and not written yet is lost")]
    public static partial void ShimReplaced(this ILogger logger, string @namespace, string id, int pid);

    [LoggerMessage(LogLevel.Error, "no process of {Binary} can take the place of the shim {Id} in {Namespace}: {Reason}")]
    public static partial void NotReplaced(this ILogger logger, string @namespace, string id, string binary, string reason);

    [LoggerMessage(LogLevel.Error, "the shim {Id} in {Namespace} has died {Count} times within {Seconds} s, and is given up")]
    public static partial void ReplacedTooOften(this ILogger logger, string @namespace, string id, int count, double seconds);

    [LoggerMessage(LogLevel.Warning, "the shim with pid {Pid} leaves something that cannot be understood, and is not listened to: {Reason}")]
    public static partial void ParkingUnclear(this ILogger logger, int pid, string reason);

    [LoggerMessage(LogLevel.Warning, "no more shims can leave their state here for now: {Reason}")]
    public static partial void ParkingRefused(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "what a shim has left cannot be handed on: {Reason}")]
    public static partial void NotHandedOn(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "the service manager does not keep what a shim has left: {Reason}")]
    public static partial void NotStored(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "what {Count} shims have left was handed on by the daemon before")]
    public static partial void HandedOn(this ILogger logger, int count);

    [LoggerMessage(LogLevel.Warning, "the connection to the shim of {Namespace}/{Id} broke though it lives; it is made anew")]
    public static partial void ConnectionBroke(this ILogger logger, string @namespace, string id);

    [LoggerMessage(LogLevel.Warning, "the shim that took the place of the one of {Namespace}/{Id} does not have it: {Reason}")]
    public static partial void TaskNotTaken(this ILogger logger, string @namespace, string id, string reason);
}
