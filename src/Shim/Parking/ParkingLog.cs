using Microsoft.Extensions.Logging;

namespace ShimStack.Shim.Parking;

internal static partial class ParkingLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "nothing can be left with the daemon for the case that this shim dies: {Reason}")]
    public static partial void NothingParked(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Unit} would not outlive this shim, the daemon could not be given it: {Reason}")]
    public static partial void NotParked(this ILogger logger, string unit, string reason);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "the shim takes the place of one that has died; what that one had read and not written yet is lost: {Bytes} bytes at most")]
    public static partial void Adopted(this ILogger logger, string bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "exec {Exec} of task {Task} was about to start when the shim died: it counts as failed")]
    public static partial void StartWasCut(this ILogger logger, string exec, string task);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the runtime does not say whether task {Task} was started: {Reason}")]
    public static partial void StartUnclear(this ILogger logger, string task, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "nobody can say how process {Pid} has ended: it is told as exit code 255")]
    public static partial void ExitUnknown(this ILogger logger, int pid);
}
