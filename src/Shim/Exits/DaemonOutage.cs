using Microsoft.Extensions.Logging;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Exits;

/// <summary>
/// Whether the daemon is away, or has come back so lately that its own clients may not listen again yet: a daemon acknowledges an event before
/// anybody has subscribed, and keeps nothing.
/// </summary>
internal sealed class DaemonOutage(TimeProvider time, ILogger logger)
{
    /// <summary>How long clients of a daemon that is back may need to subscribe again.</summary>
    public static readonly TimeSpan Recovery = TimeSpan.FromSeconds(60);

    private DateTimeOffset? _since;
    private DateTimeOffset? _back;

    /// <summary>The daemon has just gone.</summary>
    public event Action? Began;

    public bool IsAway => _since is not null;

    /// <summary>An event that is delivered now may not reach the daemon's clients.</summary>
    public bool IsRecent => IsAway || (_back is DateTimeOffset back && time.GetUtcNow() - back < Recovery);

    /// <summary>The connection to the daemon is gone, or a call was not answered.</summary>
    public void Lost()
    {
        if (_since is null)
        {
            _since = time.GetUtcNow();
            logger.DaemonLost();
            Began?.Invoke();
        }
    }

    /// <summary>The daemon has connected to us, or has taken an event.</summary>
    public void Seen()
    {
        if (_since is DateTimeOffset since)
        {
            _back = time.GetUtcNow();
            _since = null;
            logger.DaemonBack((_back.Value - since).TotalSeconds);
        }
    }

    public void PutDown(ShimRecord record)
    {
        record.DaemonAway = IsAway;
        record.DaemonBackTicks = _back?.UtcTicks ?? 0;
    }

    public void PickUp(ShimRecord record)
    {
        _since = record.DaemonAway ? time.GetUtcNow() : null;
        _back = record.DaemonBackTicks == 0 ? null : new DateTimeOffset(record.DaemonBackTicks, TimeSpan.Zero);
    }
}
