using Microsoft.Extensions.Logging;

namespace ShimStack.Shim.Tasks;

internal static partial class TasksLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "process {Process} of task {Task} (pid {Pid}) ended with status {Status}")]
    public static partial void ProcessExited(this ILogger logger, string task, string process, int pid, uint status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the other processes of task {Task} could not be killed after its init ended: {Reason}")]
    public static partial void KillAllFailed(this ILogger logger, string task, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "task {Task} could not be thawed after its init ended: {Reason}")]
    public static partial void ThawFailed(this ILogger logger, string task, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "clean-up after the failed create of task {Task} failed: {Reason}")]
    public static partial void CreateCleanupFailed(this ILogger logger, string task, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "init of task {Task} has not ended {Seconds} s after the runtime deleted it")]
    public static partial void InitOutlivedDelete(this ILogger logger, string task, double seconds);
}
