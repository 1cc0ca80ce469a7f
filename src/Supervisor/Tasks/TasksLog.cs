namespace ShimStack.Supervisor.Tasks;

internal static partial class TasksLog
{
    [LoggerMessage(LogLevel.Error, "the end of {Namespace}/{Id}, whose shim is gone, could not be told; it is tried again")]
    public static partial void TaskEndFailed(this ILogger logger, string @namespace, string id, Exception reason);

    [LoggerMessage(LogLevel.Error, "{Namespace}/{Id} is deleted, but stays in the records of processes: {Reason}")]
    public static partial void ProcessesStay(this ILogger logger, string @namespace, string id, string reason);

    [LoggerMessage(LogLevel.Warning, "the shim of {Namespace}/{Id} does not tell its state: {Reason}")]
    public static partial void StateUnknown(this ILogger logger, string @namespace, string id, string reason);

    [LoggerMessage(LogLevel.Warning, "the shim of {Namespace}/{Id} gives no metrics: {Reason}")]
    public static partial void NoMetrics(this ILogger logger, string @namespace, string id, string reason);

    [LoggerMessage(LogLevel.Error, "nothing can take the place of the shim of {Namespace}/{Id}")]
    public static partial void ReplacementFailed(this ILogger logger, string @namespace, string id, Exception reason);

    [LoggerMessage(LogLevel.Warning, "the init process {Pid} of {Namespace}/{Id} was killed: its shim is gone, and nobody has cleaned up")]
    public static partial void InitKilled(this ILogger logger, string @namespace, string id, uint pid);
}
