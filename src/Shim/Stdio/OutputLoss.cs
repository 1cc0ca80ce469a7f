using Microsoft.Extensions.Logging;

namespace ShimStack.Shim.Stdio;

/// <summary>
/// Counts output that could not be kept, and logs it: at once, then each time it has doubled, and in the end. So a full disk costs a
/// few lines of log and not one for each line of output.
/// </summary>
internal sealed class OutputLoss(ILogger logger, string what, long bytes = 0)
{
    private long _reported = bytes;

    /// <summary>How many bytes were dropped so far.</summary>
    public long Bytes { get; private set; } = bytes;

    public void Add(int count, string reason)
    {
        Bytes += count;
        if (Bytes >= _reported * 2)
        {
            _reported = Bytes;
            logger.OutputLost(Bytes, what, reason);
        }
    }

    /// <summary>No more will come.</summary>
    public void Close()
    {
        if (Bytes > _reported)
        {
            _reported = Bytes;
            logger.OutputLost(Bytes, what, "in all");
        }
    }
}
