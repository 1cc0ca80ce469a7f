using Microsoft.Extensions.Logging;

namespace ShimStack.Shim.Upgrade;

internal static partial class UpgradeLog
{
    /// <summary>What came of an upgrade.</summary>
    public static void Upgraded(this ILogger logger, UpgradeOutcome outcome)
    {
        if (outcome.Failure.Length == 0)
        {
            logger.TookOver(outcome.From, outcome.To, outcome.Path, (long)outcome.Pause.TotalMicroseconds);
        }
        else
        {
            logger.CameBack(outcome.To, outcome.Path, outcome.From, outcome.Failure);
        }
    }

    [LoggerMessage(LogLevel.Warning, "no upgrade: {Reason}")]
    public static partial void NotUpgraded(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "upgraded from {From} to {To}, {Path}; nothing moved for {Microseconds} us")]
    private static partial void TookOver(this ILogger logger, string from, string to, string path, long microseconds);

    [LoggerMessage(LogLevel.Error, "{To}, {Path}, could not go on, and {From} is back: {Reason}")]
    private static partial void CameBack(this ILogger logger, string to, string path, string from, string reason);
}
