using System.Globalization;
using Microsoft.Extensions.Logging;

namespace ShimStack.Shim.Upgrade;

internal static partial class UpgradeLog
{
    /// <summary>What came of an upgrade.</summary>
    public static void Over(this ILogger logger, UpgradeOutcome outcome)
    {
        if (outcome.Failure.Length == 0)
        {
            logger.Upgraded(string.Create(
                CultureInfo.InvariantCulture,
                $"from {outcome.From} to {outcome.To}, {outcome.Path}; nothing moved for {outcome.Pause.TotalMilliseconds:0.0} ms"));
        }
        else
        {
            logger.NotUpgraded(outcome.Failure);
        }
    }

    [LoggerMessage(LogLevel.Warning, "no upgrade: {Reason}")]
    private static partial void NotUpgraded(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "upgraded {How}")]
    private static partial void Upgraded(this ILogger logger, string how);
}
