using ShimStack.Api.Upgrades;

namespace ShimStack.Supervisor.Upgrade;

internal static partial class UpgradeLog
{
    /// <summary>What came of an upgrade.</summary>
    public static void TookOver(this ILogger logger, Outcome outcome, TimeSpan silence)
    {
        long milliseconds = (long)silence.TotalMilliseconds;
        if (outcome.Failure.Length == 0)
        {
            logger.Upgraded(outcome.From.Version, outcome.To.Version, outcome.To.Path, milliseconds);
        }
        else
        {
            logger.RolledBack(outcome.To.Version, outcome.To.Path, outcome.From.Version, outcome.Failure, milliseconds);
        }
    }

    [LoggerMessage(LogLevel.Information, "shimstackd {Version} lets go for {NextVersion}, {NextPath}")]
    public static partial void LetsGo(this ILogger logger, string version, string nextVersion, string nextPath);

    [LoggerMessage(LogLevel.Error, "no upgrade: {Reason}")]
    public static partial void UpgradeRefused(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "upgraded from {From} to {To}, {Path}; no answer for {Milliseconds} ms")]
    private static partial void Upgraded(this ILogger logger, string from, string to, string path, long milliseconds);

    [LoggerMessage(LogLevel.Error, "{Failed}, {Path}, could not serve, and {Version} is back: {Reason}; no answer for {Milliseconds} ms")]
    private static partial void RolledBack(this ILogger logger, string failed, string path, string version, string reason, long milliseconds);
}
