using Microsoft.Extensions.Logging;

namespace ShimStack.Shim.Cgroups;

internal static partial class CgroupsLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "task {Task} (pid {Pid}) has no statistics: its cgroup was not found")]
    public static partial void CgroupNotFound(this ILogger logger, string task, int pid);

    [LoggerMessage(Message = "not all controllers could be enabled for the cgroup of task {Task}: {Reason}")]
    public static partial void ControllersNotEnabled(this ILogger logger, LogLevel level, string task, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "out-of-memory kills in task {Task} are not seen before its end: {Reason}")]
    public static partial void OomWatchFailed(this ILogger logger, string task, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "a process of task {Task} was killed for want of memory ({Kills} by now)")]
    public static partial void OutOfMemory(this ILogger logger, string task, ulong kills);
}
