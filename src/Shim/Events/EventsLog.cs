using Microsoft.Extensions.Logging;

namespace ShimStack.Shim.Events;

internal static partial class EventsLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "event {Topic} waits for the daemon: {Reason}")]
    public static partial void EventDelayed(this ILogger logger, string topic, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "event {Topic} was refused by the daemon: {Reason}")]
    public static partial void EventRefused(this ILogger logger, string topic, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "event {Topic} was dropped: too many wait for the daemon")]
    public static partial void EventDropped(this ILogger logger, string topic);

    [LoggerMessage(Level = LogLevel.Error, Message = "event {Topic} was not delivered before the shim ended")]
    public static partial void EventLost(this ILogger logger, string topic);
}
