namespace ShimStack.Supervisor.Events;

internal static partial class EventsLog
{
    [LoggerMessage(LogLevel.Warning, "a subscriber is cut off: {Count} events wait for it")]
    public static partial void SubscriberCutOff(this ILogger logger, int count);

    [LoggerMessage(LogLevel.Debug, "{Topic} of {Namespace} is the repetition of an exit, and dropped")]
    public static partial void RepetitionDropped(this ILogger logger, string topic, string @namespace);

    [LoggerMessage(LogLevel.Error, "that an exit was seen is not on record: it may be told again after a restart")]
    public static partial void SeenNotRecorded(this ILogger logger, Exception reason);

    [LoggerMessage(LogLevel.Critical, "the journal has failed, and with it the order of events")]
    public static partial void JournalFailed(this ILogger logger, Exception reason);
}
